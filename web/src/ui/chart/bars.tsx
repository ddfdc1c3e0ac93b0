import { useId } from "react";
import { useWords } from "../../words/language";
import { ChartFrame, Legend, type Series, type Told, useWidth } from "./frame";
import { every, extent, ticks } from "./scale";
import { chartWords } from "./words";

interface Props extends Told {
  /** What the labels are: « heure ». */
  readonly labelled: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** One upon the other instead of side by side: parts of a whole. */
  readonly stacked?: boolean;
}

const LEFT = 48;
const FOOT = 24;
const TOP = 8;

/** Bars, one group for each label; series differ by texture too. */
export function BarChart({ labelled, labels, series, stacked = false, height = 220, ...told }: Props) {
  const words = useWords(chartWords);
  const id = useId().replaceAll(":", "");
  const [box, width] = useWidth();
  const sums = labels.map((_, at) => series.reduce((sum, each) => sum + (each.values[at] ?? 0), 0));
  const [, greatest] = extent(stacked ? [sums] : series.map((each) => each.values));
  const marks = ticks(0, greatest);
  const top = marks.at(-1) ?? 1;
  const write = told.number ?? String;
  const high = height - FOOT - TOP;
  const y = (value: number) => TOP + high - (value / top) * high;
  const slot = Math.max(0, width - LEFT) / Math.max(labels.length, 1);
  const gap = Math.min(8, slot * 0.2);
  const bar = (slot - gap) / (stacked ? 1 : Math.max(series.length, 1));
  const skip = every(labels.length, width - LEFT, 52);
  return (
    <ChartFrame
      {...told}
      head={[labelled, ...series.map((each) => each.name)]}
      rows={labels.map((label, at) => [label, ...series.map((each) => each.values[at] ?? null)])}
      empty={labels.length === 0 || series.every((each) => each.values.every((value) => value === null))}
      legend={
        <Legend
          series={series}
          mark={(at) => (
            <rect width="28" height="14" rx="2" className="chart-outline" fill={`url(#${id}-${at % 6})`} />
          )}
        />
      }
    >
      <div ref={box} className="chart-box">
        {width > 0 ? (
          <svg width={width} height={height} role="img" aria-label={`${told.title} (${told.unit})`}>
            <Textures id={id} />
            {marks.map((mark) => (
              <g key={mark}>
                <line x1={LEFT} x2={width} y1={y(mark)} y2={y(mark)} className="chart-grid" />
                <text x={LEFT - 6} y={y(mark) + 4} textAnchor="end" className="chart-text">
                  {write(mark)}
                </text>
              </g>
            ))}
            {labels.map((label, at) => {
              let below = 0;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: two labels may be the same, and have no identity
                <g key={`${at}-${label}`}>
                  {series.map((each, which) => {
                    const value = each.values[at];
                    if (value === null || value === undefined) return null;
                    const from = stacked ? below : 0;
                    below += value;
                    return (
                      <rect
                        key={each.id}
                        x={LEFT + at * slot + gap / 2 + (stacked ? 0 : which * bar)}
                        y={y(from + value)}
                        width={Math.max(1, bar - 1)}
                        height={Math.max(0, y(from) - y(from + value))}
                        fill={`url(#${id}-${which % 6})`}
                        className="chart-outline"
                      >
                        <title>{`${label} · ${each.name} : ${write(value)}`}</title>
                      </rect>
                    );
                  })}
                  {at % skip === 0 ? (
                    <text
                      x={LEFT + at * slot + slot / 2}
                      y={height - 6}
                      textAnchor="middle"
                      className="chart-text"
                    >
                      {label}
                    </text>
                  ) : null}
                </g>
              );
            })}
          </svg>
        ) : null}
      </div>
      <p className="visually-hidden">{words.unit(told.unit)}</p>
    </ChartFrame>
  );
}

/** Six fillings that are told apart without colour: full, strokes to each side, dots, levels, a net. */
function Textures({ id }: { readonly id: string }) {
  const drawn = ["", "M0 8 8 0", "M0 0 8 8", "M4 4h.01", "M0 4h8", "M0 4h8M4 0v8"];
  return (
    <defs>
      {drawn.map((path, at) => (
        <pattern key={path} id={`${id}-${at}`} width="8" height="8" patternUnits="userSpaceOnUse">
          <rect width="8" height="8" className={at === 0 ? `chart-fill-${at + 1}` : "chart-under"} />
          {at === 0 ? null : <path d={path} className={`chart-stroke-${at + 1}`} data-dots={at === 3} />}
        </pattern>
      ))}
    </defs>
  );
}
