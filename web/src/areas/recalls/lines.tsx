import { useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useNames } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Check, SelectField } from "../../ui/field";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { useLines } from "./queries";
import { ReasonDialog } from "./reason";
import { recallsWords } from "./words";

type Line = Schema<"cooperation.cooperation__recalls__schemas__LineOut">;
type Act = { readonly kind: "acknowledge" | "write_off"; readonly line: Line };

/** Each line: where the pack is now, who acts, and the act if it is mine. */
export function Lines({ recall }: { readonly recall: Schema<"cooperation.RecallOut"> }) {
  const words = useWords(recallsWords);
  const names = useNames();
  const query = useLines(recall.id);
  const [member, setMember] = useState("");
  const [onlyOpen, setOnlyOpen] = useState(false);
  const [act, setAct] = useState<Act | null>(null);
  return (
    <Read of={query}>
      {({ items }) => {
        const rows = items.filter(
          (line) => (!member || line.organisation_id === member) && (!onlyOpen || !line.ended),
        );
        return (
          <>
            <div className="row recalls-filter">
              {recall.by_member.length > 1 ? (
                <SelectField
                  label={words.member}
                  value={member}
                  onChange={(event) => setMember(event.target.value)}
                >
                  <option value="">{words.everyMember}</option>
                  {recall.by_member.map((each) => (
                    <option key={each.organisation_id} value={each.organisation_id}>
                      {each.name}
                    </option>
                  ))}
                </SelectField>
              ) : null}
              <Check
                label={words.onlyOpen}
                checked={onlyOpen}
                onChange={(event) => setOnlyOpen(event.target.checked)}
              />
            </div>
            {rows.length === 0 ? (
              <Empty>{words.noLine}</Empty>
            ) : (
              <DataTable
                caption={words.lines}
                captionHidden
                rows={rows}
                keyOf={(line) => line.id}
                columns={[
                  {
                    id: "pack",
                    head: words.pack,
                    cell: (line) => (
                      <>
                        {line.set_id ? (
                          <Link href={`/sets/${line.set_id}`}>{line.set_name ?? "–"}</Link>
                        ) : (
                          line.set_name
                        )}{" "}
                        <span className="mono small">{line.label}</span>
                      </>
                    ),
                  },
                  { id: "member", head: words.member, cell: (line) => names.member(line.organisation_id) },
                  {
                    id: "place",
                    head: words.place,
                    cell: (line) =>
                      line.place ? `${line.place.names.join(" › ")}, ${names.site(line.place.site_id)}` : "–",
                  },
                  {
                    id: "state",
                    head: words.lineState,
                    cell: (line) => (
                      <>
                        {words.states[line.state]}{" "}
                        {line.operation_ref ? <span className="mono small">{line.operation_ref}</span> : null}
                      </>
                    ),
                  },
                  {
                    id: "end",
                    head: words.end,
                    cell: (line) =>
                      line.ended ? (
                        <Badge state="ok">{words.ends[line.ended]}</Badge>
                      ) : (
                        <Badge state="danger">{words.toSettle}</Badge>
                      ),
                  },
                  { id: "acts", head: words.whoActs, cell: (line) => <Acts line={line} onAct={setAct} /> },
                ]}
              />
            )}
            {act ? <Settle key={act.line.id} act={act} onClose={() => setAct(null)} /> : null}
          </>
        );
      }}
    </Read>
  );
}

function Acts({ line, onAct }: { readonly line: Line; readonly onAct: (act: Act) => void }) {
  const words = useWords(recallsWords);
  const { session } = useSession();
  const role = session.context?.role ?? "";
  if (line.ended) return null;
  if (line.state === "used") {
    return (
      <div className="stack">
        <span>{words.actAcknowledge}</span>
        {role === "hygiene" ? (
          <Button onClick={() => onAct({ kind: "acknowledge", line })}>{words.acknowledge}</Button>
        ) : null}
      </div>
    );
  }
  return (
    <div className="stack">
      <span>{line.state === "in_process" ? words.actInProcess : words.actSecure}</span>
      {role === "sterilisation_releaser" || role === "gcs_manager" ? (
        <Button onClick={() => onAct({ kind: "write_off", line })}>{words.writeOff}</Button>
      ) : null}
    </div>
  );
}

function Settle({ act, onClose }: { readonly act: Act; readonly onClose: () => void }) {
  const words = useWords(recallsWords);
  const say = useToast();
  const command = useCommand(
    (text: string, key) => {
      const sent = {
        params: { path: { line_id: act.line.id } },
        headers: { "Idempotency-Key": key },
      };
      return act.kind === "acknowledge"
        ? body(
            api.POST("/api/cooperation/v1/recall_lines/{line_id}/acknowledge", {
              ...sent,
              body: { note: text || null },
            }),
          )
        : body(
            api.POST("/api/cooperation/v1/recall_lines/{line_id}/write_off", {
              ...sent,
              body: { reason: text },
            }),
          );
    },
    (line) => {
      say(line.ended ? words.lineEnded : words.firstSigned);
      onClose();
    },
  );
  const acknowledges = act.kind === "acknowledge";
  return (
    <ReasonDialog
      title={acknowledges ? words.acknowledgeTitle : words.writeOffTitle}
      text={acknowledges ? `${words.operation} ${act.line.operation_ref ?? ""}` : words.writeOffText}
      label={acknowledges ? words.note : words.whereSought}
      {...(acknowledges ? { hint: words.noteHint, optional: true } : {})}
      act={acknowledges ? words.acknowledge : words.sign}
      command={command}
      send={(text) => void command.run(text)}
      onClose={onClose}
    />
  );
}
