import type { Item } from "../../scan/queue-model";
import { useLanguage, useWords } from "../../words/language";
import { timeOfDay } from "../../words/time";
import { ThingName } from "./result";
import { stationWords } from "./words";

/** Scans that the server refused afterwards: nothing to do again, the manager settles them. */
export function Late({ items }: { readonly items: readonly Item[] }) {
  const words = useWords(stationWords);
  const { language } = useLanguage();
  if (items.length === 0) return null;
  return (
    <details className="panel station-late">
      <summary>{words.toSettle(items.length)}</summary>
      <p>{words.whoSettles}</p>
      <ul className="stack">
        {items.slice(0, 50).map((item) => (
          <li key={item.id} className="row">
            <span>{timeOfDay(item.scanned_at, language)}</span>
            <ThingName item={item} />
            <span>{item.result?.message}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
