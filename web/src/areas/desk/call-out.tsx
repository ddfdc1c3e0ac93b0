import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { once, useAct } from "../../calls/acts";
import { useDesk } from "../../calls/desk";
import { spoken } from "../../calls/phone";
import { useSeat } from "../../calls/seat";
import { Button } from "../../ui/button";
import { faultAt, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { deskWords } from "./words";

type Task = Schema<"telesecretariat.TaskOut">;

/** The number a task is about: of the call it comes from, else of the patient's file. Reading it is written down. */
async function numberOf(task: Task): Promise<string> {
  if (task.call_id) {
    const call = await body(
      api.GET("/api/telesecretariat/v1/calls/{call_id}", { params: { path: { call_id: task.call_id } } }),
    );
    if (call.number) return call.number;
  }
  if (!task.patient_id) return "";
  const patient = await body(
    api.GET("/api/appointments/v1/patients/{patient_id}", {
      params: { path: { patient_id: task.patient_id } },
    }),
  );
  return patient.contacts.find((each) => each.kind === "mobile" || each.kind === "landline")?.value ?? "";
}

/** Calls the person of a task: one's own telephone rings first, then theirs. A number that is not known is asked. */
export function CallOut({ task }: { readonly task: Task }) {
  const words = useWords(deskWords);
  const act = useAct();
  const desk = useDesk();
  const { phase } = useSeat();
  const [to, setTo] = useState<string | null>(null);
  const lines = desk.data?.lines ?? [];
  const line = lines.find((each) => each.client_id === task.client_id) ?? lines[0];
  const busy = desk.data?.agent ? !["ready", "not_ready"].includes(desk.data.agent.work_state) : false;
  const blocked = phase !== "open" || !line ? words.callNeedsSeat : busy ? words.callBusy : undefined;
  const call = (number: string) =>
    act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/calls", {
          body: { line_id: line?.id ?? "", to: number, about_call_id: task.call_id },
          ...once(key),
        }),
      ),
    );
  const begin = () =>
    void act.run(async (key) => {
      const number = await numberOf(task);
      if (!number) return setTo("");
      await body(
        api.POST("/api/telesecretariat/v1/calls", {
          body: { line_id: line?.id ?? "", to: number, about_call_id: task.call_id },
          ...once(key),
        }),
      );
    });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (to === null) begin();
        else if (to.trim()) void call(to.trim());
      }}
    >
      {to === null ? null : (
        <TextField
          label={words.callNumber}
          hint={words.callNumberHint}
          type="tel"
          required
          autoFocus
          value={to}
          fault={faultAt(act.refusal, "/to")}
          onChange={(event) => setTo(event.target.value)}
        />
      )}
      {faultAt(act.refusal, "/to") && to !== null ? null : <RefusalStrip refusal={act.refusal} />}
      <div>
        <Button type="submit" blocked={blocked} busy={act.pending}>
          {to ? words.callThis(spoken(to)) : words.callOut}
        </Button>
      </div>
    </form>
  );
}
