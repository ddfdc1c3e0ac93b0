import { type FormEvent, useState } from "react";
import { api, body, type Schema } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { faultAt, SelectField, TextField } from "../ui/field";
import { RefusalStrip, Strip } from "../ui/state";
import { useToast } from "../ui/toast";
import { useLanguage, useWords } from "../words/language";
import type { Hold } from "./hold";
import { slotText } from "./times";
import { bookingWords } from "./words";

type Made = Schema<"appointments.SeriesMade">;
type OnConflict = NonNullable<Schema<"appointments.SeriesIn">["on_conflict"]>;

interface Props {
  readonly patientId: string;
  /** The time of the first visit; it is no longer held. */
  readonly first: Hold;
  readonly onBooked: () => void;
  readonly onClose: () => void;
}

const WEEKS = [1, 2, 3, 4, 6, 8, 12];
const CONFLICTS: readonly OnConflict[] = ["nearest", "skip", "fail"];

/** The same visit again and again: its dates are shown with what gives way, then all are booked in one act. */
export function SeriesDialog({ patientId, first, onBooked, onClose }: Props) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const say = useToast();
  const [rule, setRule] = useState({ weeks: 1, count: 4, conflict: "nearest" as OnConflict });
  const [seen, setSeen] = useState<Made | null>(null);
  const change = (changed: Partial<typeof rule>) => {
    setRule({ ...rule, ...changed });
    setSeen(null);
  };
  const send = useCommand(
    (dry: boolean, key: string) =>
      body(
        api.POST("/api/appointments/v1/series", {
          body: {
            patient_id: patientId,
            reason_id: first.reason_id,
            site_id: first.site_id,
            mode: first.mode,
            practitioner_ids: [first.practitioner_id],
            start: first.start,
            rrule: `FREQ=WEEKLY;INTERVAL=${rule.weeks};COUNT=${rule.count}`,
            on_conflict: rule.conflict,
            dry_run: dry,
            ...(first.call_id ? { call_id: first.call_id } : {}),
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (made) => {
      if (made.id === null) return setSeen(made);
      say(words.seriesBooked(made.created.length));
      onBooked();
    },
  );
  return (
    <Dialog title={words.repeatTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void send.run(seen === null);
        }}
      >
        <p className="when">{slotText(first, language)}</p>
        <div className="booking-filters">
          <SelectField
            label={words.every}
            value={rule.weeks}
            onChange={(event) => change({ weeks: Number(event.target.value) })}
          >
            {WEEKS.map((weeks) => (
              <option key={weeks} value={weeks}>
                {words.weeks(weeks)}
              </option>
            ))}
          </SelectField>
          <TextField
            label={words.count}
            type="number"
            min={2}
            max={52}
            value={rule.count}
            fault={faultAt(send.refusal, "/rrule")}
            onChange={(event) => change({ count: Number(event.target.value) })}
          />
          <SelectField
            label={words.onConflict}
            value={rule.conflict}
            onChange={(event) => change({ conflict: event.target.value as OnConflict })}
          >
            {CONFLICTS.map((each) => (
              <option key={each} value={each}>
                {words.conflicts[each]}
              </option>
            ))}
          </SelectField>
        </div>
        <RefusalStrip refusal={send.refusal} />
        {seen ? <Dates made={seen} /> : null}
        <div className="foot">
          <Button onClick={onClose}>{words.back}</Button>
          <Button kind="primary" type="submit" busy={send.pending}>
            {seen ? words.bookSeries(seen.created.length) : words.preview}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What would be booked, what was moved to fit, and what cannot be. */
function Dates({ made }: { readonly made: Made }) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  return (
    <>
      <ul>
        {made.created.map((each) => (
          <li key={each.start}>
            {slotText(each, language)}
            {Date.parse(each.wanted) === Date.parse(each.start) ? null : (
              <span className="muted">
                {" "}
                ({words.seriesMoved(slotText({ start: each.wanted }, language))})
              </span>
            )}
          </li>
        ))}
      </ul>
      {made.refused.length ? (
        <Strip state="warn">
          {words.seriesRefused}
          <ul>
            {made.refused.map((each) => (
              <li key={each.start}>{slotText(each, language)}</li>
            ))}
          </ul>
        </Strip>
      ) : null}
    </>
  );
}
