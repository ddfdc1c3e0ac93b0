import { Download, Table2 } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useLanguage, useWords } from "../../words/language";
import { Button } from "../button";
import { DataTable } from "../table";
import { type CellValue, csvOf, save } from "./csv";
import { chartWords } from "./words";
import "./chart.css";

export interface Series {
  readonly id: string;
  readonly name: string;
  /** One value for each label or time; null where nothing was counted. */
  readonly values: readonly (number | null)[];
}

export interface Told {
  readonly title: string;
  /** What the figures are: « appels », « % », « s ». */
  readonly unit: string;
  /** How a figure is written in the table and on the axis; plain by default. */
  readonly number?: ((value: number) => string) | undefined;
  /** Name of the file without its ending. */
  readonly file?: string | undefined;
  readonly height?: number | undefined;
}

interface Props extends Told {
  readonly head: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
  /** What the file holds when the table shows a part of it only. */
  readonly all?: readonly (readonly CellValue[])[] | undefined;
  readonly empty?: boolean | undefined;
  readonly legend?: ReactNode;
  readonly acts?: ReactNode;
  readonly children: ReactNode;
}

/** What each chart has: title, unit, legend, the same as a table, the same as a file. */
export function ChartFrame({
  title,
  unit,
  number,
  file,
  head,
  rows,
  all,
  empty,
  legend,
  acts,
  children,
}: Props) {
  const words = useWords(chartWords);
  const { language } = useLanguage();
  const [table, setTable] = useState(false);
  const id = useId();
  const shown = (value: CellValue) =>
    value === null ? (
      <span className="muted">–</span>
    ) : typeof value === "number" && number ? (
      number(value)
    ) : (
      value
    );
  return (
    <figure className="chart panel" aria-labelledby={id}>
      <figcaption className="row spread">
        <h2 className="chart-title" id={id}>
          {title} <span className="muted small chart-unit">({unit})</span>
        </h2>
        <span className="row chart-acts">
          {acts}
          <Button kind="quiet" aria-pressed={table} onClick={() => setTable(!table)}>
            <Table2 size={16} aria-hidden="true" />
            {table ? words.hideTable : words.showTable}
          </Button>
          <Button
            kind="quiet"
            onClick={() => save(`${file ?? "maillage"}.csv`, csvOf(head, all ?? rows, language))}
          >
            <Download size={16} aria-hidden="true" />
            {words.csv}
          </Button>
        </span>
      </figcaption>
      {empty ? <p className="muted">{words.nothing}</p> : children}
      {empty ? null : legend}
      {table ? (
        <DataTable
          caption={`${title} (${unit})`}
          columns={head.map((name, at) => ({
            id: String(at),
            head: name,
            number: at > 0,
            cell: (row: { readonly cells: readonly CellValue[] }) => shown(row.cells[at] ?? null),
          }))}
          rows={numbered(rows)}
          keyOf={(row) => row.key}
        />
      ) : null}
    </figure>
  );
}

const numbered = (rows: readonly (readonly CellValue[])[]) =>
  rows.map((cells, at) => ({ key: String(at), cells }));

/** The width there is, as it changes. */
export function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, set] = useState(0);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const seen = new ResizeObserver(() => set(Math.floor(box.clientWidth)));
    seen.observe(box);
    set(Math.floor(box.clientWidth));
    return () => seen.disconnect();
  }, []);
  return [ref, width];
}

/** Names of the series with the mark each is drawn by. */
export function Legend({
  series,
  mark,
}: {
  readonly series: readonly Series[];
  readonly mark: (at: number) => ReactNode;
}) {
  const words = useWords(chartWords);
  if (series.length < 2) return null;
  return (
    <ul className="row chart-legend small" aria-label={words.legend}>
      {series.map((each, at) => (
        <li key={each.id} className="row">
          <svg width="28" height="14" aria-hidden="true">
            {mark(at)}
          </svg>
          {each.name}
        </li>
      ))}
    </ul>
  );
}
