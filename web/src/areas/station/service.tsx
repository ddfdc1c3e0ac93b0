import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { faultAt, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { Big } from "./commands";
import { stationWords } from "./words";

type State = Schema<"cooperation.MachineState">["state"];

/** A machine out of order, in maintenance or back, each with its reason; folded, for it is no act of every day. */
export function Service({
  machine,
  state,
  onDone,
}: {
  readonly machine: string;
  readonly state: State;
  readonly onDone: () => void;
}) {
  const words = useWords(stationWords);
  const say = useToast();
  const [reason, setReason] = useState("");
  const [proof, setProof] = useState("");
  const change = useCommand(
    (to: State, key) =>
      body(
        api.POST("/api/cooperation/v1/machines/{machine_id}/state", {
          params: { path: { machine_id: machine } },
          body: { state: to, reason: reason.trim(), requalification_ref: proof.trim() || null },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      setReason("");
      setProof("");
      say(words.stateNoted);
      onDone();
    },
  );
  const blocked = reason.trim() ? undefined : words.reasonFirst;
  const to = (next: State, name: string, danger = false) => (
    <Big
      kind={danger ? "danger" : "plain"}
      busy={change.pending}
      blocked={blocked}
      onPress={() => void change.run(next)}
    >
      {name}
    </Big>
  );
  return (
    <details className="panel station-late">
      <summary>{words.machineState(state)}</summary>
      <div className="stack">
        <RefusalStrip refusal={change.refusal} />
        <TextField
          label={words.stateReason}
          value={reason}
          maxLength={300}
          fault={faultAt(change.refusal, "/reason")}
          onChange={(event) => setReason(event.target.value)}
        />
        {state === "in_service" ? (
          <div className="row">
            {to("out_of_service", words.outOfService, true)}
            {to("maintenance", words.inMaintenance)}
          </div>
        ) : (
          <>
            <TextField
              label={words.requalification}
              hint={words.requalificationHint}
              value={proof}
              fault={faultAt(change.refusal, "/requalification_ref")}
              onChange={(event) => setProof(event.target.value)}
            />
            <div className="row">{to("in_service", words.backInService)}</div>
          </>
        )}
      </div>
    </details>
  );
}
