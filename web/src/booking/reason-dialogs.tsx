import { type FormEvent, useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Check, faultAt, TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useWords } from "../words/language";
import { type Appointment, type Changed, tagOf } from "./acting";
import { AppointmentLine } from "./line";
import { bookingWords } from "./words";

interface Props {
  readonly appointment: Appointment;
  readonly onDone: (changed: Changed) => void;
  readonly onClose: () => void;
}

/** The patient did not come; an excused miss does not count against him. */
export function MissDialog({ appointment, onDone, onClose }: Props) {
  const words = useWords(bookingWords);
  const [excused, setExcused] = useState(false);
  const [why, setWhy] = useState("");
  const miss = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/appointments/{appointment_id}/miss", {
          params: { path: { appointment_id: appointment.id } },
          body: { excused, reason: why.trim() || null },
          headers: { "If-Match": tagOf(appointment), "Idempotency-Key": key },
        }),
      ),
    onDone,
  );
  return (
    <Dialog title={words.missTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void miss.run(null);
        }}
      >
        <AppointmentLine appointment={appointment} />
        <Check
          label={words.missExcused}
          checked={excused}
          onChange={(event) => setExcused(event.target.checked)}
        />
        <p className="small muted">{words.missExcusedHint}</p>
        <TextField
          label={words.reasonField}
          hint={words.optional}
          autoComplete="off"
          maxLength={280}
          value={why}
          fault={faultAt(miss.refusal, "/reason")}
          onChange={(event) => setWhy(event.target.value)}
        />
        <RefusalStrip refusal={miss.refusal} />
        <div className="foot">
          <Button onClick={onClose}>{words.back}</Button>
          <Button kind="primary" type="submit" busy={miss.pending}>
            {words.miss}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Keyed by mistake: it leaves every list, its history stays; the reason is asked for. */
export function VoidDialog({ appointment, onDone, onClose }: Props) {
  const words = useWords(bookingWords);
  const [why, setWhy] = useState("");
  const wipe = useCommand((_: null, key: string) => {
    const path = { appointment_id: appointment.id, event: "void" as const };
    return body(
      api.POST("/api/appointments/v1/appointments/{appointment_id}/{event}", {
        params: { path },
        body: { reason: why.trim() || null },
        headers: { "If-Match": tagOf(appointment), "Idempotency-Key": key },
      }),
    );
  }, onDone);
  return (
    <Dialog title={words.voidTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void wipe.run(null);
        }}
      >
        <AppointmentLine appointment={appointment} />
        <TextField
          label={words.voidWhy}
          required
          autoComplete="off"
          maxLength={280}
          value={why}
          fault={faultAt(wipe.refusal, "/reason")}
          onChange={(event) => setWhy(event.target.value)}
        />
        <RefusalStrip refusal={wipe.refusal} />
        <div className="foot">
          <Button onClick={onClose}>{words.back}</Button>
          <Button kind="danger" type="submit" busy={wipe.pending}>
            {words.void}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
