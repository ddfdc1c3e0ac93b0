import { useMemo, useState } from "react";
import { Button } from "../../ui/button";
import { LineChart } from "../../ui/chart";
import { Badge, Read, Strip } from "../../ui/state";
import { useWords } from "../../words/language";
import { duration, stopwatch } from "../../words/time";
import { leaving } from "./leaving";
import { useCurve } from "./queries";
import { releaseWords } from "./words";

type Record = NonNullable<ReturnType<typeof useCurve>["data"]>;
/** Shown before and after the place where the curve leaves its band. */
const AROUND_S = 60;

/** The cycle against its band, opened where it leaves it. */
export function Curve({ id, there }: { readonly id: string; readonly there: boolean }) {
  const words = useWords(releaseWords);
  const curve = useCurve(id, there);
  if (!there) return <Strip state="warn">{words.noRecord}</Strip>;
  return (
    <Read of={curve} lines={6}>
      {(data) => <Drawn data={data} />}
    </Read>
  );
}

function Drawn({ data }: { readonly data: Record }) {
  const words = useWords(releaseWords);
  const { record } = data;
  const away = useMemo(() => leaving(data), [data]);
  const [whole, setWhole] = useState(false);
  const began = Date.parse(record.began_at);
  const at = (second: number) => began + second * 1_000;
  const probes = data.samples[0]?.probes_c.length ?? 0;
  const flat = (value: number) => data.samples.map(() => value);
  const series = [
    ...Array.from({ length: probes }, (_, place) => ({
      id: `probe-${place}`,
      name: words.probe(place + 1),
      values: data.samples.map((sample) => sample.probes_c[place] ?? null),
    })),
    { id: "low", name: words.low, values: flat(data.temp_c), quiet: true },
    { id: "high", name: words.high, values: flat(data.temp_c + data.band_k), quiet: true },
  ];
  const zoomed = away && !whole;
  const figures = record.figures;
  return (
    <section className="panel stack">
      <div className="row">
        <Badge state={record.verdict === "conform" ? "ok" : "danger"}>{words.verdict(record.verdict)}</Badge>
        <span>{words.plateau(duration(figures.plateau_s), duration(data.plateau_s))}</span>
        <span>{words.a0(Math.round(figures.a0_s))}</span>
        <span className="muted">{words.f0(Math.round(figures.f0_min * 10) / 10)}</span>
      </div>
      {away ? (
        <Strip
          state={record.verdict === "conform" ? "warn" : "danger"}
          acts={
            <Button aria-pressed={whole} onClick={() => setWhole(!whole)}>
              {whole ? words.zoom : words.whole}
            </Button>
          }
        >
          {words.leaves(stopwatch(away.from_s), away.to_s - away.from_s, away.worst_c, away.by_k)}
        </Strip>
      ) : null}
      <LineChart
        title={words.curve}
        unit="°C"
        labelled={words.time}
        times={data.samples.map((sample) => at(sample.at_s))}
        series={series}
        fromZero={false}
        window={zoomed ? [at(away.from_s - AROUND_S), at(away.to_s + AROUND_S)] : undefined}
        file={words.curveFile}
      />
    </section>
  );
}
