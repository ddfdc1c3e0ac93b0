import { cooperationWords } from "../../cooperation/words";
import { Dialog } from "../../ui/dialog";
import { useLanguage, useWords } from "../../words/language";
import { clockTime, longDay } from "../../words/time";
import type { Entry } from "./queries";
import { whereOf } from "./steps";
import { setsWords } from "./words";

interface Props {
  readonly entry: Entry;
  readonly onEntry: (entry: Entry) => void;
}

/** Opens the entry behind a figure. */
export function EntryLink({ entry, onEntry }: Props) {
  const words = useWords(setsWords);
  return (
    <button
      type="button"
      className="sets-entry"
      aria-label={words.openEntry(entry.seq)}
      onClick={() => onEntry(entry)}
    >
      n° {entry.seq}
    </button>
  );
}

/** One entry of the trace as it is kept: what was done, when, by whom, and what was then true. */
export function EntryDialog({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const words = useWords(setsWords);
  const shared = useWords(cooperationWords);
  const { language } = useLanguage();
  const at = (instant: string) => `${longDay(instant, language)}, ${clockTime(instant, language)}`;
  return (
    <Dialog title={words.entryTitle(entry.seq)} onClose={onClose} wide>
      <p>
        <strong>{shared.kindOf(entry.kind, words.kinds)}</strong>
      </p>
      <dl className="sets-facts">
        <Pair name={words.occurred} value={at(entry.occurred_at)} />
        <Pair name={words.recorded} value={at(entry.recorded_at)} />
        <Pair
          name={words.role}
          value={entry.role ? (shared.role[entry.role] ?? entry.role) : shared.machine}
        />
        <Pair name={words.station} value={whereOf(entry) || "–"} />
      </dl>
      <Values name={words.facts} of={entry.facts} />
      <details>
        <summary>{words.row}</summary>
        <Values name={words.row} of={entry.row} />
      </details>
    </Dialog>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Names and values as they are kept: they are the proof, so they are not translated. */
function Values({ name, of }: { readonly name: string; readonly of: Readonly<Record<string, unknown>> }) {
  const pairs = Object.entries(of).filter(([, value]) => value !== null);
  if (pairs.length === 0) return null;
  return (
    <section aria-label={name}>
      <dl className="sets-values mono small">
        {pairs.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
