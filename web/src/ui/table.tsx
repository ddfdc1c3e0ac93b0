import type { ReactNode } from "react";
import { useWords } from "../words/language";
import { Button } from "./button";
import { uiWords } from "./words";

export interface Column<Row> {
  readonly id: string;
  readonly head: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** Set to the right, as figures are. */
  readonly number?: boolean;
  /** Names the row for who does not see it; the first column unless one says so. */
  readonly names?: boolean;
}

interface Props<Row> {
  readonly caption: string;
  readonly captionHidden?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly selected?: string | undefined;
  /** There is more than these rows. */
  readonly onMore?: (() => void) | undefined;
  readonly moreBusy?: boolean;
}

/** Rows of a list the server sorted and cut: a real table, whose acts stand in its cells. */
export function DataTable<Row>({
  caption,
  captionHidden,
  columns,
  rows,
  keyOf,
  selected,
  onMore,
  moreBusy,
}: Props<Row>) {
  const words = useWords(uiWords);
  const naming = columns.find((column) => column.names) ?? columns[0];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-frame" aria-label={caption} tabIndex={0}>
      <table className="table">
        <caption className={captionHidden ? "visually-hidden" : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={column.number ? "number" : undefined}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            return (
              <tr key={key} aria-selected={selected === undefined ? undefined : key === selected}>
                {columns.map((column) =>
                  column === naming ? (
                    <th key={column.id} scope="row" className={column.number ? "number" : undefined}>
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.id} className={column.number ? "number" : undefined}>
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {onMore ? (
        <p className="panel">
          <Button busy={moreBusy ?? false} onClick={onMore}>
            {words.more}
          </Button>
        </p>
      ) : null}
    </section>
  );
}
