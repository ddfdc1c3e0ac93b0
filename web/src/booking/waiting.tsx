import { type FormEvent, useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Check, faultAt, SelectField, TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useToast } from "../ui/toast";
import { useWords } from "../words/language";
import { addDays, today } from "../words/time";
import { useReasons } from "./directory";
import { Filters } from "./filters";
import type { Wish } from "./times";
import { bookingWords } from "./words";

interface Props {
  readonly wish: Wish;
  readonly patientId: string;
  readonly onClose: () => void;
}

const NOTICES = [0, 2, 24, 48];
const HOURS = { "": {}, morning: { local_to: "12:00" }, afternoon: { local_from: "12:00" } } as const;

/** Reason, places, days and half-days, until when: what the person waits for. */
export function Waiting({ wish: asked, patientId, onClose }: Props) {
  const words = useWords(bookingWords);
  const say = useToast();
  const [wish, setWish] = useState({ ...asked, from: asked.from || today() });
  const [days, setDays] = useState<readonly number[]>([]);
  const reason = useReasons().data?.find((each) => each.id === wish.reasonId);
  const enter = useCommand(
    (given: FormData, key: string) =>
      body(
        api.POST("/api/appointments/v1/waiting-entries", {
          body: {
            patient_id: patientId,
            reason_id: wish.reasonId,
            from_date: wish.from,
            to_date: String(given.get("until")),
            min_notice_minutes: Number(given.get("notice")) * 60,
            modes: wish.mode ? [wish.mode] : [],
            site_ids: wish.siteId ? [wish.siteId] : [],
            practitioner_ids: wish.practitionerId ? [wish.practitionerId] : [],
            weekdays: [...days],
            ...HOURS[wish.moment],
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (entry) => {
      say(words.waits(entry.rank));
      onClose();
    },
  );
  return (
    <Dialog title={words.waitTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          void enter.run(new FormData(event.currentTarget));
        }}
      >
        <p>{words.waitText}</p>
        <Filters wish={wish} reason={reason} onWish={setWish} />
        <div className="booking-filters">
          <TextField
            label={words.until}
            name="until"
            type="date"
            required
            min={wish.from}
            defaultValue={addDays(wish.from, 30)}
            fault={faultAt(enter.refusal, "/to_date")}
          />
          <SelectField label={words.notice} name="notice" defaultValue="24">
            {NOTICES.map((hours) => (
              <option key={hours} value={hours}>
                {words.noticeHours(hours)}
              </option>
            ))}
          </SelectField>
        </div>
        <fieldset>
          <legend>{words.onWeekdays}</legend>
          <div className="row">
            {words.weekdays.map((name, at) => (
              <Check
                key={name}
                label={name}
                checked={days.includes(at)}
                onChange={(event) =>
                  setDays(event.target.checked ? [...days, at] : days.filter((each) => each !== at))
                }
              />
            ))}
          </div>
        </fieldset>
        <RefusalStrip refusal={enter.refusal} />
        <div className="foot">
          <Button onClick={onClose}>{words.back}</Button>
          <Button kind="primary" type="submit" busy={enter.pending}>
            {words.wait}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
