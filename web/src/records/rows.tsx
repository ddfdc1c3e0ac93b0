import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { useWords } from "../words/language";
import { recordWords } from "./words";

interface Props<Row> {
  /** Left out where the group around it says it already. */
  readonly legend?: string;
  readonly hint?: string;
  readonly rows: readonly Row[];
  readonly add: string;
  readonly blank: Row;
  readonly most?: number;
  readonly onChange: (rows: readonly Row[]) => void;
  /** The fields of one row. */
  readonly edit: (row: Row, change: (part: Partial<Row>) => void, place: number) => ReactNode;
}

/** A few small rows inside a form: added, changed, removed; saved with the form. */
export function SmallRows<Row extends object>(props: Props<Row>) {
  const { rows, onChange, blank, most } = props;
  const words = useWords(recordWords);
  return (
    <fieldset className="field stack">
      {props.legend ? <legend>{props.legend}</legend> : null}
      {props.hint ? <span className="hint">{props.hint}</span> : null}
      {rows.map((row, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row that is being typed has no other identity
        <div key={place} className="records-line">
          {props.edit(
            row,
            (part) => onChange(rows.map((each, at) => (at === place ? { ...each, ...part } : each))),
            place,
          )}
          <Button
            aria-label={`${words.remove} ${place + 1}`}
            onClick={() => onChange(rows.filter((_, at) => at !== place))}
          >
            {words.remove}
          </Button>
        </div>
      ))}
      {most === undefined || rows.length < most ? (
        <div>
          <Button onClick={() => onChange([...rows, blank])}>{props.add}</Button>
        </div>
      ) : null}
    </fieldset>
  );
}
