/** The drawing of curves, loaded when a curve is first shown (uPlot is half of its area's weight). */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { LineSeries } from "./lines";

const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [1, 5]];

export interface Drawn {
  readonly size: (width: number) => void;
  /** Shows from one instant to another; all without them. */
  readonly show: (from: number | undefined, to: number | undefined) => void;
  readonly end: () => void;
}

interface Asked {
  readonly times: readonly number[];
  readonly series: readonly LineSeries[];
  readonly height: number;
  readonly fromZero: boolean;
  readonly names: (instant: number) => string;
  readonly write: ((value: number) => string) | undefined;
  readonly onZoom: (zoomed: boolean) => void;
}

/** A colour of the theme as it is now; in forced colours the system's own. */
function colour(name: string): string {
  if (matchMedia("(forced-colors: active)").matches) return "CanvasText";
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function options(asked: Asked, width: number): uPlot.Options {
  const font = `14px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: () => colour("text-2"), font, ticks: { stroke: () => colour("line") } };
  const first = asked.times[0] ?? 0;
  const last = asked.times.at(-1) ?? 0;
  return {
    width,
    height: asked.height,
    ms: 1,
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { show: false } },
    scales: {
      x: { time: false },
      y: { range: (_, least, greatest) => around(asked.fromZero ? Math.min(0, least) : least, greatest) },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 72, values: (_, at) => at.map(asked.names) },
      {
        ...axis,
        grid: { stroke: () => colour("line"), width: 1 },
        size: 56,
        values: (_, at) => at.map((value) => (asked.write ?? String)(Number(value.toPrecision(10)))),
      },
    ],
    series: [
      {},
      ...asked.series.map((each, at) => ({
        label: each.name,
        stroke: () => colour(`series-${(at % 6) + 1}`),
        width: each.quiet ? 1 : 2,
        dash: [...(DASHES[at % 6] ?? [])],
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: {
      setScale: [
        (plot, key) => {
          const { min, max } = plot.scales.x ?? {};
          if (key === "x") asked.onZoom((min ?? first) > first || (max ?? last) < last);
        },
      ],
    },
  };
}

function around(least: number, greatest: number): [number, number] {
  const room = (greatest - least || Math.abs(greatest) || 1) * 0.06;
  return [least === 0 ? 0 : least - room, greatest + room];
}

export function draw(place: HTMLElement, asked: Asked): Drawn {
  const data = [[...asked.times], ...asked.series.map((each) => [...each.values])] as uPlot.AlignedData;
  const plot = new uPlot(options(asked, Math.max(place.clientWidth, 120)), data, place);
  const themed = new MutationObserver(() => plot.redraw(false));
  themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return {
    size: (width) => width > 0 && plot.setSize({ width, height: asked.height }),
    show: (from, to) =>
      plot.setScale("x", { min: from ?? asked.times[0] ?? 0, max: to ?? asked.times.at(-1) ?? 1 }),
    end: () => {
      themed.disconnect();
      plot.destroy();
    },
  };
}
