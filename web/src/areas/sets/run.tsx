import { useState } from "react";
import { SeverityBadge } from "../../cooperation/badges";
import { cooperationWords } from "../../cooperation/words";
import { Button } from "../../ui/button";
import { Badge, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { EntryDialog, EntryLink } from "./entry";
import { Loads } from "./loads";
import { type Entry, type RunFile, useRunFile } from "./queries";
import { lastOf, STEPS, whereOf } from "./steps";
import { setsWords } from "./words";

/** One turn: its steps, its loads, what was counted, where it has been. Every figure opens its entry of the trace. */
export function Run({ runId }: { readonly runId: string }) {
  const query = useRunFile(runId);
  const [entry, open] = useState<Entry | null>(null);
  return (
    <Read of={query} lines={10}>
      {(file) => (
        <>
          <Steps file={file} onEntry={open} />
          <Loads file={file} onEntry={open} />
          <Content file={file} />
          <Around file={file} onEntry={open} />
          <Trace file={file} onEntry={open} />
          {entry ? <EntryDialog entry={entry} onClose={() => open(null)} /> : null}
        </>
      )}
    </Read>
  );
}

interface PartProps {
  readonly file: RunFile;
  readonly onEntry: (entry: Entry) => void;
}

function Steps({ file, onEntry }: PartProps) {
  const words = useWords(setsWords);
  const shared = useWords(cooperationWords);
  const { language } = useLanguage();
  return (
    <section className="panel stack">
      <h2>{words.currentRun}</h2>
      <ol className="sets-steps" aria-label={words.steps}>
        {STEPS.map((step) => {
          const entry = lastOf(file.entries, step.kinds);
          const here = file.run.stage === step.stage;
          return (
            <li
              key={step.stage}
              data-state={here ? "here" : entry ? "done" : "coming"}
              aria-current={here ? "step" : undefined}
            >
              <strong>{shared.stage[step.stage]}</strong>
              {entry ? (
                <>
                  <span>{dayAndTime(entry.occurred_at, language)}</span>
                  <span className="muted small">
                    {entry.role ? (shared.role[entry.role] ?? entry.role) : shared.machine}
                    {whereOf(entry) ? `, ${whereOf(entry)}` : ""}
                  </span>
                  <EntryLink entry={entry} onEntry={onEntry} />
                </>
              ) : (
                <span className="muted small">{words.notYet}</span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Content({ file }: { readonly file: RunFile }) {
  const words = useWords(setsWords);
  const served = (used: boolean | null) => (used === null ? words.unknown : used ? words.yes : words.no);
  return (
    <DataTable
      caption={words.content}
      rows={file.lines}
      keyOf={(line) => line.line_id}
      columns={[
        {
          id: "line",
          head: words.line,
          cell: (line) => (
            <>
              {line.model}{" "}
              <span className="muted small">
                {[
                  line.critical ? words.critical : "",
                  line.mode === "exclusive" ? words.exclusive : "",
                  line.single_use ? words.singleUse : "",
                  ...line.instruments.map((each) => each.code.split("/").at(-1) ?? ""),
                ]
                  .filter(Boolean)
                  .join(", ")}
              </span>
            </>
          ),
        },
        { id: "wanted", head: words.wanted, number: true, cell: (line) => line.quantity },
        { id: "counted", head: words.counted, number: true, cell: (line) => line.counted ?? "–" },
        {
          id: "missing",
          head: words.missing,
          number: true,
          cell: (line) =>
            line.missing > 0 ? (
              <Badge state="warn">
                {line.missing} {line.missing_reason}
              </Badge>
            ) : (
              0
            ),
        },
        { id: "used", head: words.used, cell: (line) => served(line.used) },
      ]}
    />
  );
}

/** Its use, its moves, its issues and recalls. */
function Around({ file, onEntry }: PartProps) {
  const words = useWords(setsWords);
  const shared = useWords(cooperationWords);
  const { language } = useLanguage();
  const used = lastOf(file.entries, ["use.recorded", "run.used"]);
  return (
    <>
      {file.use ? (
        <section className="panel stack">
          <h2>{words.use}</h2>
          <p>
            {words.operation} <span className="mono">{file.use.operation_ref}</span>,{" "}
            {dayAndTime(file.use.used_at, language)}
            {file.use.override_reason ? (
              <>
                {" "}
                <Badge state="danger">{words.overridden}</Badge> {file.use.override_reason}
              </>
            ) : null}{" "}
            {used ? <EntryLink entry={used} onEntry={onEntry} /> : null}
          </p>
        </section>
      ) : null}
      <DataTable
        caption={words.moves}
        rows={file.stays}
        keyOf={(stay) => stay.place_id + stay.since}
        columns={[
          {
            id: "place",
            head: words.place,
            cell: (stay) => (
              <>
                {stay.place_name} {stay.site_name ? <span className="muted">{stay.site_name}</span> : null}{" "}
                <span className="muted small">{words.through(stay.depth)}</span>
              </>
            ),
          },
          { id: "from", head: words.from, cell: (stay) => dayAndTime(stay.since, language) },
          {
            id: "to",
            head: words.to,
            cell: (stay) => (stay.until ? dayAndTime(stay.until, language) : words.now),
          },
          {
            id: "handed",
            head: words.what,
            cell: (stay) =>
              stay.given_at
                ? words.handed(
                    dayAndTime(stay.given_at, language),
                    stay.taken_at ? dayAndTime(stay.taken_at, language) : words.notYet,
                  )
                : "",
          },
        ]}
      />
      <section className="panel stack">
        <h2>{words.issues}</h2>
        {file.issues.length === 0 ? <p className="muted">{words.noIssue}</p> : null}
        <ul className="stack">
          {file.issues.map((issue) => (
            <li key={issue.id} className="row">
              <SeverityBadge severity={issue.severity} />
              {shared.kindOf(issue.kind, shared.issueKind)}
              <span className="muted small">
                {shared.issueState[issue.state as "open"]}, {dayAndTime(issue.created_at, language)}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** Every entry, folded: it is the proof, and seldom read whole. */
function Trace({ file, onEntry }: PartProps) {
  const words = useWords(setsWords);
  const shared = useWords(cooperationWords);
  const { language } = useLanguage();
  const [all, showAll] = useState(false);
  return (
    <details className="panel" onToggle={(event) => showAll(event.currentTarget.open)}>
      <summary>{words.trace(file.entries.length)}</summary>
      {all ? (
        <ol className="stack sets-trace">
          {file.entries.map((entry) => (
            <li key={entry.id} className="row">
              <span>{dayAndTime(entry.occurred_at, language)}</span>
              <Button kind="quiet" onClick={() => onEntry(entry)}>
                {shared.kindOf(entry.kind, words.kinds)}
              </Button>
              <span className="muted small">
                {entry.role ? (shared.role[entry.role] ?? entry.role) : shared.machine}
                {whereOf(entry) ? `, ${whereOf(entry)}` : ""}
              </span>
            </li>
          ))}
        </ol>
      ) : null}
    </details>
  );
}
