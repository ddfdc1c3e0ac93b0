import { useEffect, useRef } from "react";
import { Button } from "../ui/button";
import { Strip } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import type { Changed } from "./acting";
import { type Reason, useDirectory } from "./directory";
import { slotText } from "./times";
import { bookingWords } from "./words";

interface Props {
  readonly appointment: Changed;
  readonly reason: Reason | undefined;
  readonly onAnother: () => void;
}

/** What was booked, in words to say aloud, and what the patient will receive. */
export function Booked({ appointment, reason, onAnother }: Props) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const { siteName, practitionerName } = useDirectory();
  const channels = (appointment.messages ?? []).map((each) => words.channels[each]);
  const next = useRef<HTMLDivElement>(null);
  useEffect(() => next.current?.querySelector("button")?.focus(), []);
  return (
    <div className="booking stack" ref={next}>
      <Strip state="ok" role="status">
        <strong>{words.booked}</strong>
        <p className="when">{slotText(appointment, language)}</p>
        <p>
          {[reason?.label, practitionerName(appointment.practitioner_id), siteName(appointment.site_id)]
            .filter(Boolean)
            .join(", ")}
        </p>
        <p>{channels.length ? words.willGet(channels) : words.willGetNothing}</p>
        {reason?.instruction ? <p>{words.duringVisit(reason.instruction)}</p> : null}
      </Strip>
      <div className="row">
        <Button onClick={onAnother}>{words.bookAnother}</Button>
      </div>
    </div>
  );
}
