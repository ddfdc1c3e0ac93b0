import { useEffect, useRef, useState } from "react";
import { useLanguage, useWords } from "../../words/language";
import { clockTime, timeOfDay } from "../../words/time";
import { Button } from "../button";
import { ChartFrame, Legend, type Series, type Told, useWidth } from "./frame";
import type { Drawn } from "./plot";
import { chartWords } from "./words";

export interface LineSeries extends Series {
  /** A limit or a border of a band: drawn thin, without points. */
  readonly quiet?: boolean;
}

interface Props extends Told {
  /** What the times are: « heure ». */
  readonly labelled: string;
  /** Instants in ms, rising. */
  readonly times: readonly number[];
  readonly series: readonly LineSeries[];
  /** From and to which instant it is shown; the whole without it. */
  readonly window?: readonly [number, number] | undefined;
  /** Begin the axis at nought (default), or where the values begin. */
  readonly fromZero?: boolean;
  /** Points of the table at most; the file has all. */
  readonly tableRows?: number;
}

/** Strokes that are told apart without colour. */
export const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [1, 5]];

/** Curves over time. Drag (or the keys + - and arrows) to enlarge; the drawing comes when it is needed. */
export function LineChart({
  labelled,
  times,
  series,
  window: shown,
  fromZero = true,
  height = 260,
  tableRows = 500,
  ...told
}: Props) {
  const words = useWords(chartWords);
  const { language } = useLanguage();
  const [box, width] = useWidth();
  const place = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [failed, fail] = useState(false);
  const [zoomed, zoom] = useState(false);
  const short = times.length > 0 && (times.at(-1) ?? 0) - (times[0] ?? 0) < 2 * 3_600_000;
  const write = told.number;
  const empty = times.length === 0 || series.every((each) => each.values.every((value) => value === null));

  useEffect(() => {
    const target = place.current;
    if (!target || empty) return;
    let made: Drawn | null = null;
    let over = false;
    const names = (instant: number) => (short ? clockTime : timeOfDay)(new Date(instant), language);
    import("./plot")
      .then(({ draw }) => {
        if (over) return;
        made = draw(target, { times, series, height, fromZero, names, write, onZoom: zoom });
        setDrawn(made);
      })
      .catch(() => fail(true));
    return () => {
      over = true;
      made?.end();
      setDrawn(null);
      zoom(false);
    };
  }, [times, series, height, fromZero, language, short, write, empty]);
  useEffect(() => drawn?.size(width), [drawn, width]);
  const [from, to] = shown ?? [];
  useEffect(() => drawn?.show(from, to), [drawn, from, to]);

  const rows = times.map((time, at) => [
    (short ? clockTime : timeOfDay)(new Date(time), language),
    ...series.map((each) => each.values[at] ?? null),
  ]);
  const stride = Math.max(1, Math.ceil(rows.length / tableRows));
  return (
    <ChartFrame
      {...told}
      head={[labelled, ...series.map((each) => each.name)]}
      rows={stride === 1 ? rows : rows.filter((_, at) => at % stride === 0)}
      all={rows}
      empty={empty}
      acts={
        zoomed ? (
          <Button kind="quiet" onClick={() => drawn?.show(undefined, undefined)}>
            {words.whole}
          </Button>
        ) : null
      }
      legend={
        <Legend
          series={series}
          mark={(at) => (
            <path
              d="M0 7h28"
              className={`chart-stroke-${(at % 6) + 1}`}
              strokeDasharray={DASHES[at % 6]?.join(" ")}
            />
          )}
        />
      }
    >
      <div ref={box} className="chart-box">
        {failed ? <p className="muted">{words.notDrawn}</p> : null}
        <div
          ref={place}
          role="img"
          aria-label={`${told.title} (${told.unit})`}
          style={{ minHeight: height }}
          className="chart-plot"
        />
      </div>
    </ChartFrame>
  );
}
