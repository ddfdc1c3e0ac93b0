import type { Schema } from "../../../api/client";
import { Strip } from "../../../ui/state";
import { useLanguage, useWords } from "../../../words/language";
import { dayAndTime, longDay } from "../../../words/time";
import { hoursWords } from "./words";

const SHOWN = 20;

interface OutsideProps {
  readonly outside: readonly Schema<"appointments.Outside">[];
}

/** The visits that new hours would leave outside: how many, and when each of them is. */
export function OutsideVisits({ outside }: OutsideProps) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  return (
    <Strip state={outside.length > 0 ? "warn" : "ok"}>
      {words.outside(outside.length)}
      {outside.length > 0 ? (
        <>
          {" "}
          <span className="small">{words.alreadyOutside}</span>
          <details>
            <summary>{words.outsideList}</summary>
            <ul>
              {outside.slice(0, SHOWN).map((each) => (
                <li key={each.appointment_id}>{dayAndTime(each.start, language)}</li>
              ))}
              {outside.length > SHOWN ? <li>…</li> : null}
            </ul>
          </details>
        </>
      ) : null}
    </Strip>
  );
}

interface BreachesProps {
  readonly breaches: readonly Schema<"appointments.BrokenRule">[];
}

/** Which rules of working time the hours break, on which day, by how much. */
export function Breaches({ breaches }: BreachesProps) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  if (breaches.length === 0) return null;
  return (
    <Strip state="danger">
      <strong>{words.breaches}</strong>
      <ul>
        {breaches.slice(0, SHOWN).map((each) => (
          <li key={each.rule + each.local_date}>
            {longDay(each.local_date, language)} :{" "}
            {words.breach(words.worktime[each.rule], each.value, each.limit)}
          </li>
        ))}
      </ul>
    </Strip>
  );
}
