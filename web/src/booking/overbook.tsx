import { type FormEvent, useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { useSession } from "../api/session";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { faultAt, SelectField, TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useWords } from "../words/language";
import { instantAt, today } from "../words/time";
import type { Changed } from "./acting";
import { usePractitioners, useReasons, useSites } from "./directory";
import type { Wish } from "./times";
import { bookingWords } from "./words";

interface Props {
  readonly wish: Wish;
  readonly patientId: string;
  readonly callId: string | undefined;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onBooked: (appointment: Changed) => void;
}

/** A second patient at the same time: its own act, with its reason, for those who may. */
export function Overbook(props: Props) {
  const words = useWords(bookingWords);
  const { may } = useSession();
  if (!may("appointments:appointment.overbook")) return null;
  return (
    <>
      <Button kind="quiet" onClick={props.onOpen}>
        {words.overbook}
      </Button>
      {props.open ? <OverbookDialog {...props} /> : null}
    </>
  );
}

function OverbookDialog({ wish, patientId, callId, onClose, onBooked }: Props) {
  const words = useWords(bookingWords);
  const reason = useReasons().data?.find((each) => each.id === wish.reasonId);
  const people = (usePractitioners().data ?? []).filter(
    (each) => each.active && (!reason || reason.professions.includes(each.profession)),
  );
  const [who, setWho] = useState(wish.practitionerId);
  const own = people.find((each) => each.id === who)?.site_ids;
  const sites = (useSites().data ?? []).filter((each) => each.active && (!own || own.includes(each.id)));
  const book = useCommand(
    (given: FormData, key: string) =>
      body(
        api.POST("/api/appointments/v1/appointments", {
          body: {
            patient_id: patientId,
            reason_id: wish.reasonId,
            mode: wish.mode || (reason?.modes[0]?.mode ?? "on_site"),
            practitioner_id: String(given.get("practitioner")),
            site_id: String(given.get("site")),
            start: instantAt(String(given.get("day")), String(given.get("time"))),
            overbook: true,
            overbook_reason: String(given.get("why")).trim(),
            first_visit: false,
            ...(callId ? { call_id: callId } : {}),
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    onBooked,
  );
  return (
    <Dialog title={words.overbookTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          void book.run(new FormData(event.currentTarget));
        }}
      >
        <p>{words.overbookText}</p>
        <RefusalStrip refusal={book.refusal} />
        <SelectField
          label={words.practitioner}
          name="practitioner"
          required
          value={who}
          onChange={(event) => setWho(event.target.value)}
        >
          <option value="">{words.chooseOne}</option>
          {people.map((each) => (
            <option key={each.id} value={each.id}>
              {each.display_name}
            </option>
          ))}
        </SelectField>
        <SelectField label={words.site} name="site" required defaultValue={wish.siteId}>
          {sites.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </SelectField>
        <div className="booking-filters">
          <TextField
            label={words.day}
            name="day"
            type="date"
            required
            min={today()}
            defaultValue={wish.from || today()}
          />
          <TextField
            label={words.hour}
            name="time"
            type="time"
            step={300}
            required
            fault={faultAt(book.refusal, "/start")}
          />
        </div>
        <TextField
          label={words.overbookWhy}
          name="why"
          required
          maxLength={280}
          autoComplete="off"
          fault={faultAt(book.refusal, "/overbook_reason")}
        />
        <div className="foot">
          <Button onClick={onClose}>{words.back}</Button>
          <Button kind="primary" type="submit" busy={book.pending}>
            {words.overbook}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
