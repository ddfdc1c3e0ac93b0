import { useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { faultAt, TextField } from "../ui/field";
import { RefusalStrip, Strip } from "../ui/state";
import { useNow } from "../ui/timer";
import { useToast } from "../ui/toast";
import { useWords } from "../words/language";
import { type Appointment, type Changed, tagOf } from "./acting";
import { bookingWords } from "./words";

interface Props {
  readonly appointment: Appointment;
  readonly onChanged: (appointment: Changed) => void;
}

const OPENS_BEFORE = 30 * 60_000;

/** The video room from half an hour before, and the telephone when the video fails. */
export function Teleconsultation({ appointment, onChanged }: Props) {
  const words = useWords(bookingWords);
  const say = useToast();
  const now = useNow(30_000).getTime();
  const [leaving, setLeaving] = useState(false);
  const [why, setWhy] = useState("");
  const path = { appointment_id: appointment.id };
  const room = useCommand((_: null, key: string) =>
    body(
      api.POST("/api/appointments/v1/appointments/{appointment_id}/room", {
        params: { path },
        headers: { "Idempotency-Key": key },
      }),
    ),
  );
  const phone = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/appointments/{appointment_id}/by-phone", {
          params: { path },
          body: { reason: why.trim() },
          headers: { "If-Match": tagOf(appointment), "Idempotency-Key": key },
        }),
      ),
    (changed) => {
      setLeaving(false);
      say(words.onPhone);
      onChanged(changed as Changed);
    },
  );
  const live = appointment.status === "booked" || appointment.status === "arrived";
  const open =
    now >= Date.parse(appointment.start) - OPENS_BEFORE && now < Date.parse(appointment.end) + 3_600_000;
  if (appointment.mode !== "teleconsultation" || !live || !open || appointment.by_phone) return null;
  return (
    <div className="stack">
      <div className="row">
        {room.done ? (
          <a
            className="button"
            data-kind="primary"
            href={room.done.host_url}
            target="_blank"
            rel="noreferrer"
          >
            {words.joinRoom}
          </a>
        ) : (
          <Button kind="primary" busy={room.pending} onClick={() => void room.run(null)}>
            {words.room}
          </Button>
        )}
        <Button onClick={() => setLeaving(true)}>{words.toPhone}</Button>
      </div>
      {room.done?.patient_seen_at ? <Strip state="info">{words.patientSeen}</Strip> : null}
      <RefusalStrip refusal={room.refusal} />
      {leaving ? (
        <Dialog title={words.toPhoneTitle} onClose={() => setLeaving(false)}>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void phone.run(null);
            }}
          >
            <TextField
              label={words.toPhoneWhy}
              required
              autoComplete="off"
              maxLength={280}
              value={why}
              fault={faultAt(phone.refusal, "/reason")}
              onChange={(event) => setWhy(event.target.value)}
            />
            <RefusalStrip refusal={phone.refusal} />
            <div className="foot">
              <Button onClick={() => setLeaving(false)}>{words.back}</Button>
              <Button kind="primary" type="submit" busy={phone.pending}>
                {words.toPhone}
              </Button>
            </div>
          </form>
        </Dialog>
      ) : null}
    </div>
  );
}
