import { useState } from "react";
import { Button } from "../ui/button";
import { useShortcut } from "../ui/shortcuts";
import { useLanguage, useWords } from "../words/language";
import { useDirectory } from "./directory";
import { SHOWN, type Slot, slotId, slotText } from "./times";
import { bookingWords } from "./words";

interface Props {
  readonly slots: readonly Slot[];
  readonly busy: boolean;
  readonly gone: (slot: Slot) => boolean;
  readonly onChoose: (slot: Slot) => void;
  readonly onAgain: () => void;
}

/** Five times at once, each with its digit; the whole of a time is its name. Nothing moves under the hand. */
export function Times({ slots, busy, gone, onChoose, onAgain }: Props) {
  const words = useWords(bookingWords);
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil(slots.length / SHOWN));
  const at = Math.min(page, pages - 1);
  const shown = slots.slice(at * SHOWN, at * SHOWN + SHOWN);
  const lost = shown.some(gone);
  return (
    <div className="stack">
      <p className="small muted">{words.timesHint}</p>
      <ol className="booking-times">
        {shown.map((slot, index) => (
          <li key={slotId(slot)}>
            <Time
              slot={slot}
              digit={index + 1}
              gone={gone(slot)}
              busy={busy}
              onChoose={() => onChoose(slot)}
            />
          </li>
        ))}
      </ol>
      <div className="row">
        {at > 0 ? <Button onClick={() => setPage(at - 1)}>{words.earlierTimes}</Button> : null}
        {at < pages - 1 ? <Button onClick={() => setPage(at + 1)}>{words.laterTimes}</Button> : null}
        {lost ? (
          <>
            <span className="muted small" role="status">
              {words.refreshed}
            </span>
            <Button onClick={onAgain}>{words.refresh}</Button>
          </>
        ) : null}
      </div>
    </div>
  );
}

interface TimeProps {
  readonly slot: Slot;
  readonly digit: number;
  readonly gone: boolean;
  readonly busy: boolean;
  readonly onChoose: () => void;
}

function Time({ slot, digit, gone, busy, onChoose }: TimeProps) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const { siteName, practitionerName } = useDirectory();
  const when = slotText(slot, language);
  useShortcut({ id: `booking.time.${digit}`, keys: String(digit), label: when }, onChoose, { when: !gone });
  const [one = ""] = slot.practitioners ?? [];
  const who = one ? words.or(practitionerName(one), (slot.practitioners?.length ?? 1) - 1) : "";
  return (
    <button
      type="button"
      className="booking-time"
      data-time={digit}
      aria-disabled={gone || busy || undefined}
      onClick={() => {
        if (!gone && !busy) onChoose();
      }}
    >
      <kbd className="key">{digit}</kbd>
      <span className="when">{when}</span>
      <span className="muted">
        {[siteName(slot.site_id), who, gone ? words.gone : ""].filter(Boolean).join(", ")}
      </span>
    </button>
  );
}
