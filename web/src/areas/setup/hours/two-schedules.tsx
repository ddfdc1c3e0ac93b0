import { sameValue } from "../../../records/values";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { useLanguage, useWords } from "../../../words/language";
import { setupWords } from "../words";
import { openingOf, type Rule } from "./preview";
import { hoursText, repeatText } from "./shared";
import { hoursWords } from "./words";

interface Props {
  readonly mine: readonly Rule[];
  readonly theirs: readonly Rule[];
  readonly onMine: () => void;
  readonly onTheirs: () => void;
  readonly onClose: () => void;
}

const same = (one: Rule, other: Rule) =>
  sameValue(openingOf(one), openingOf(other)) &&
  one.rrule === other.rrule &&
  one.first_date === other.first_date &&
  one.on_holidays === other.on_holidays;

/** Two sets of windows, made from the same one by two people: what only one of them holds. */
export function TwoSchedules({ mine, theirs, onMine, onTheirs, onClose }: Props) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const column = (title: string, rules: readonly Rule[]) => (
    <section className="stack">
      <h3>{title}</h3>
      {rules.length === 0 ? <p className="muted">{all.nothing}</p> : null}
      <ul>
        {rules.map((rule, place) => (
          <li key={rule.id ?? place}>
            {repeatText(rule, words, all, language)}, {hoursText(rule.local_start, rule.local_end, language)},{" "}
            {words.kinds[rule.kind]}
          </li>
        ))}
      </ul>
    </section>
  );
  return (
    <Dialog
      title={words.twoVersions}
      onClose={onClose}
      wide
      foot={
        <>
          <Button onClick={onTheirs}>{words.takeTheirs}</Button>
          <Button kind="primary" onClick={onMine}>
            {words.saveMine}
          </Button>
        </>
      }
    >
      <div className="records-versions">
        {column(
          words.mineOnly,
          mine.filter((rule) => !theirs.some((other) => same(rule, other))),
        )}
        {column(
          words.theirsOnly,
          theirs.filter((rule) => !mine.some((other) => same(rule, other))),
        )}
      </div>
    </Dialog>
  );
}
