import { useState } from "react";
import { api, body, type Schema, withTag } from "../api/client";
import { useCommand } from "../api/command";
import { useSession } from "../api/session";
import { useLiveQuery } from "../live/live";
import { Button } from "../ui/button";
import { Combobox } from "../ui/combobox";
import { Dialog } from "../ui/dialog";
import { faultAt, SelectField, TextArea } from "../ui/field";
import { Empty, Read, RefusalStrip, Strip } from "../ui/state";
import { DataTable } from "../ui/table";
import { useToast } from "../ui/toast";
import { useLanguage, useWords } from "../words/language";
import { dayAndTime } from "../words/time";
import { SeverityBadge, type Stage } from "./badges";
import { serialOf, useNames, useSets } from "./names";
import { matching } from "./set-search";
import { cooperationWords } from "./words";

type Issue = Schema<"cooperation.IssueOut">;
const DECLARED = [
  "torn_pack",
  "wet_pack",
  "soil_seen",
  "instrument_missing",
  "instrument_broken",
  "wrong_content",
  "late_delivery",
  "other",
];
const SEVERITIES = ["minor", "major", "critical"] as const;

type Subject = Schema<"cooperation.SubjectIn">;

interface DeclareProps {
  /** What it is about; none: it is searched, or scanned, in the form. */
  readonly subject?: Subject;
  readonly onClose: () => void;
}

/** What was seen of a thing, told to the plant. */
export function DeclareIssue({ subject, onClose }: DeclareProps) {
  const words = useWords(cooperationWords);
  const say = useToast();
  const [found, setFound] = useState<Subject | null>(null);
  const [text, setText] = useState("");
  const command = useCommand(
    (sent: Schema<"cooperation.IssueIn">, key) =>
      body(api.POST("/api/cooperation/v1/issues", { body: sent, headers: { "Idempotency-Key": key } })),
    () => {
      say(words.issueSent);
      onClose();
    },
  );
  const about = subject ?? found;
  return (
    <Dialog title={words.declare} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          void command.run({
            kind: String(form.get("kind")),
            severity: String(form.get("severity")) as Issue["severity"],
            words: String(form.get("words")).trim() || null,
            ...(about ? { subject: about } : { code: text.trim() }),
          });
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        {subject ? null : (
          <Concerned
            text={text}
            onText={(typed) => {
              setText(typed);
              setFound(null);
            }}
            onFound={setFound}
            fault={faultAt(command.refusal, "/code")}
          />
        )}
        <SelectField label={words.what} name="kind">
          {DECLARED.map((kind) => (
            <option key={kind} value={kind}>
              {words.issueKind[kind]}
            </option>
          ))}
        </SelectField>
        <SelectField label={words.howSerious} name="severity" defaultValue="major">
          {SEVERITIES.map((each) => (
            <option key={each} value={each}>
              {words.severity[each]}
            </option>
          ))}
        </SelectField>
        <TextArea
          label={words.words}
          hint={words.wordsHint}
          name="words"
          maxLength={1000}
          fault={faultAt(command.refusal, "/words")}
        />
        <div className="foot row">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.send}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ConcernedProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onFound: (subject: Subject) => void;
  readonly fault: string | undefined;
}

/** A set by its name, or whatever a scanner reads: pack, crate, instrument. */
function Concerned({ text, onText, onFound, fault }: ConcernedProps) {
  const words = useWords(cooperationWords);
  const names = useNames();
  const { data: sets = [] } = useSets();
  const items = matching(sets, text, names.member);
  return (
    <Combobox
      label={words.concerned}
      hint={words.concernedHint}
      fault={fault}
      text={text}
      onText={onText}
      items={items}
      searching={items.length === 0}
      keyOf={(row) => row.id}
      show={(row) => `${row.name} ${serialOf(row.tag)}, ${names.member(row.organisation_id)}`}
      onChoose={(row) => {
        onText(`${row.name} ${serialOf(row.tag)}`);
        onFound({ kind: "set", id: row.id });
      }}
    />
  );
}

export function useOpenIssues() {
  return useLiveQuery({
    queryKey: ["cooperation", "issues"],
    queryFn: async () => {
      const read = (state: "open" | "analysed") =>
        body(api.GET("/api/cooperation/v1/issues", { params: { query: { state, limit: 100 } } }));
      const [open, analysed] = await Promise.all([read("open"), read("analysed")]);
      return [...open.items, ...analysed.items];
    },
    topics: ["cooperation.issue_*"],
  });
}

/** Non-conformities not closed yet; `onSubject` opens what one is about. */
export function OpenIssues({ onSubject }: { readonly onSubject?: (issue: Issue) => void }) {
  const words = useWords(cooperationWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const query = useOpenIssues();
  const [chosen, choose] = useState<string | null>(null);
  const [declaring, declare] = useState(false);
  const issue = query.data?.find((each) => each.id === chosen);
  return (
    <>
      {may("cooperation:issue.write") ? (
        <div>
          <Button onClick={() => declare(true)}>{words.declare}</Button>
        </div>
      ) : null}
      {declaring ? <DeclareIssue onClose={() => declare(false)} /> : null}
      <Read of={query}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{words.noIssue}</Empty>
          ) : (
            <>
              <DataTable
                caption={words.issues}
                captionHidden
                rows={rows}
                keyOf={(row) => row.id}
                columns={[
                  {
                    id: "kind",
                    head: words.kind,
                    cell: (row) => (
                      <>
                        {words.kindOf(row.kind, words.issueKind)}
                        {row.words ? <p className="small muted">{row.words}</p> : null}
                      </>
                    ),
                  },
                  {
                    id: "severity",
                    head: words.howSerious,
                    cell: (row) => <SeverityBadge severity={row.severity} />,
                  },
                  {
                    id: "about",
                    head: words.about,
                    cell: (row) => {
                      const name = words.subject[row.subject_kind] ?? row.subject_kind;
                      const opens = onSubject && (row.subject_kind === "run" || row.subject_kind === "set");
                      return opens ? (
                        <Button kind="quiet" onClick={() => onSubject(row)}>
                          {name}
                        </Button>
                      ) : (
                        name
                      );
                    },
                  },
                  { id: "since", head: words.since, cell: (row) => dayAndTime(row.created_at, language) },
                  { id: "state", head: words.state, cell: (row) => words.issueState[row.state] },
                  {
                    id: "acts",
                    head: words.acts,
                    cell: (row) =>
                      may("cooperation:issue.write") ? (
                        <Button onClick={() => choose(row.id)}>{words.analyse}</Button>
                      ) : null,
                  },
                ]}
              />
              {issue ? <Analyse key={issue.id} issue={issue} onClose={() => choose(null)} /> : null}
            </>
          )
        }
      </Read>
    </>
  );
}

/** Cause, origin and action; closing asks for cause and action. */
function Analyse({ issue: opened, onClose }: { readonly issue: Issue; readonly onClose: () => void }) {
  const words = useWords(cooperationWords);
  const say = useToast();
  // The form keeps what it was opened with: the list may be read again behind it.
  const [issue, setIssue] = useState(opened);
  const command = useCommand(
    (patch: Schema<"cooperation.IssuePatch">, key) =>
      body(
        api.PATCH("/api/cooperation/v1/issues/{issue_id}", {
          params: { path: { issue_id: issue.id } },
          body: patch,
          headers: { "Idempotency-Key": key, "If-Match": `"${issue.version}"` },
        }),
      ),
    (done) => {
      say(done.state === "closed" ? words.issueClosed : words.issueKept);
      onClose();
    },
  );
  const stale = command.refusal?.status === 412;
  const renew = async () => {
    const read = await withTag(
      api.GET("/api/cooperation/v1/issues/{issue_id}", { params: { path: { issue_id: issue.id } } }),
    );
    setIssue(read.value);
    command.renew();
  };
  return (
    <Dialog title={words.analyseTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const submitter = (event.nativeEvent as SubmitEvent).submitter;
          void command.run({
            cause: String(form.get("cause")).trim() || null,
            action: String(form.get("action")).trim() || null,
            severity: String(form.get("severity")) as Issue["severity"],
            stage_of_origin: (String(form.get("origin")) || null) as Stage | null,
            state: submitter?.getAttribute("value") === "closed" ? "closed" : "analysed",
          });
        }}
      >
        <p>
          <strong>{words.kindOf(issue.kind, words.issueKind)}</strong> {issue.words}
        </p>
        {stale ? (
          <Strip
            state="warn"
            role="alert"
            acts={<Button onClick={() => void renew()}>{words.theirs}</Button>}
          >
            {words.changedMeanwhile}
          </Strip>
        ) : (
          <RefusalStrip refusal={command.refusal} />
        )}
        {issue !== opened ? (
          <Strip state="info">
            {words.theirs} : {issue.cause ?? "–"} / {issue.action ?? "–"}
          </Strip>
        ) : null}
        <SelectField label={words.howSerious} name="severity" defaultValue={opened.severity}>
          {SEVERITIES.map((each) => (
            <option key={each} value={each}>
              {words.severity[each]}
            </option>
          ))}
        </SelectField>
        <SelectField label={words.origin} name="origin" defaultValue={opened.stage_of_origin ?? ""}>
          <option value="">{words.unknownOrigin}</option>
          {Object.entries(words.stage).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextArea
          label={words.cause}
          hint={words.wordsHint}
          name="cause"
          maxLength={1000}
          defaultValue={opened.cause ?? ""}
          fault={faultAt(command.refusal, "/cause")}
        />
        <TextArea
          label={words.action}
          name="action"
          maxLength={1000}
          defaultValue={opened.action ?? ""}
          fault={faultAt(command.refusal, "/action")}
        />
        <div className="foot row">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" value="analysed" busy={command.pending}>
            {words.keepAnalysis}
          </Button>
          <Button kind="primary" type="submit" value="closed" busy={command.pending}>
            {words.closeIssue}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
