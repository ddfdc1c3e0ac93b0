import { X } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSets } from "../../cooperation/names";
import { SetSearch } from "../../cooperation/set-search";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextArea } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { recallsWords } from "./words";

type Kind = Schema<"cooperation.HoldIn">["kind"];

/** Sets that nobody may touch from now on; for a prion risk, from interventions whose contacts are followed. */
export function NewHold({
  onClose,
  onPlaced,
}: {
  readonly onClose: () => void;
  readonly onPlaced: (id: string) => void;
}) {
  const words = useWords(recallsWords);
  const say = useToast();
  const { data: sets = [] } = useSets();
  const [kind, setKind] = useState<Kind>("quality");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const command = useCommand(
    (sent: Schema<"cooperation.HoldIn">, key) =>
      body(api.POST("/api/cooperation/v1/holds", { body: sent, headers: { "Idempotency-Key": key } })),
    (hold) => {
      say(words.blocked);
      onPlaced(hold.id);
    },
  );
  const nameOf = (id: string) => sets.find((row) => row.id === id)?.name ?? "–";
  const [cause, setCause] = useState("");
  const [refs, setRefs] = useState("");
  const send = () =>
    void command.run({
      kind,
      cause: cause.trim(),
      subjects: chosen.map((id) => ({ kind: "set", id })),
      operation_refs:
        kind === "prion"
          ? refs
              .split("\n")
              .map((line) => line.trim())
              .filter(Boolean)
          : [],
    });
  return (
    <Dialog
      title={words.newHold}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="stop" busy={command.pending} onClick={send}>
            {words.block}
          </Button>
        </>
      }
    >
      <div className="stack">
        <RefusalStrip refusal={command.refusal} />
        <SelectField
          label={words.holdKind}
          value={kind}
          onChange={(event) => setKind(event.target.value as Kind)}
        >
          {Object.entries(words.kinds).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextArea
          label={words.cause}
          value={cause}
          required
          maxLength={1000}
          onChange={(event) => setCause(event.target.value)}
          fault={faultAt(command.refusal, "/cause")}
        />
        <SetSearch label={words.addBlocked} onChoose={(id) => setChosen([...new Set([...chosen, id])])} />
        <ul className="row" aria-label={words.holdSets}>
          {chosen.map((id) => (
            <li key={id} className="recalls-item row">
              {nameOf(id)}
              <Button
                kind="quiet"
                aria-label={words.remove(nameOf(id))}
                onClick={() => setChosen(chosen.filter((each) => each !== id))}
              >
                <X size={16} aria-hidden="true" />
              </Button>
            </li>
          ))}
        </ul>
        {kind === "prion" ? (
          <TextArea
            label={words.operationRefs}
            hint={words.operationRefsHint}
            value={refs}
            onChange={(event) => setRefs(event.target.value)}
            fault={faultAt(command.refusal, "/operation_refs")}
          />
        ) : null}
      </div>
    </Dialog>
  );
}
