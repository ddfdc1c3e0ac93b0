import { type FormEvent, useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { faultAt, SelectField, TextField } from "../ui/field";
import { RefusalStrip, Strip } from "../ui/state";
import { useWords } from "../words/language";
import { now } from "../words/time";
import { type Appointment, type Changed, tagOf } from "./acting";
import { AppointmentLine } from "./line";
import { bookingWords } from "./words";

interface Props {
  readonly appointment: Appointment;
  readonly onCancelled: (changed: Changed) => void;
  readonly onClose: () => void;
}

const ASKED = ["patient", "relative", "practitioner", "centre"] as const;
type Asked = (typeof ASKED)[number];

/** Names the appointment, asks who wants it and why, and cancels. The patient is told by the service. */
export function CancelDialog({ appointment, onCancelled, onClose }: Props) {
  const words = useWords(bookingWords);
  const [asked, setAsked] = useState<Asked>("patient");
  const [why, setWhy] = useState("");
  const late = now() > new Date(appointment.late_after);
  const cancel = useCommand((_: null, key: string) => {
    const path = { appointment_id: appointment.id, event: "cancel" as const };
    // The file keeps one sentence: who asked, then why.
    const reason = [words.askedBy[asked], why.trim()].filter(Boolean).join(" : ");
    return body(
      api.POST("/api/appointments/v1/appointments/{appointment_id}/{event}", {
        params: { path },
        body: { reason },
        headers: { "If-Match": tagOf(appointment), "Idempotency-Key": key },
      }),
    );
  }, onCancelled);
  return (
    <Dialog title={words.cancelTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void cancel.run(null);
        }}
      >
        <AppointmentLine appointment={appointment} />
        {late ? <Strip state="info">{words.lateSoon}</Strip> : null}
        <SelectField
          label={words.cancelAsked}
          value={asked}
          onChange={(event) => setAsked(event.target.value as Asked)}
        >
          {ASKED.map((each) => (
            <option key={each} value={each}>
              {words.askedBy[each]}
            </option>
          ))}
        </SelectField>
        <TextField
          label={words.cancelWhy}
          hint={words.cancelWhyHint}
          autoComplete="off"
          maxLength={240}
          value={why}
          fault={faultAt(cancel.refusal, "/reason")}
          onChange={(event) => setWhy(event.target.value)}
        />
        <RefusalStrip refusal={cancel.refusal} />
        <div className="foot">
          <Button onClick={onClose}>{words.keepVisit}</Button>
          <Button kind="stop" type="submit" busy={cancel.pending}>
            {words.cancelVisit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
