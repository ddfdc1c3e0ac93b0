import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { Button } from "../../ui/button";
import { BarChart, Heatmap, LineChart } from "../../ui/chart";
import { SelectField, TextField } from "../../ui/field";
import { Empty, Read, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { addDays, duration, shortDay, timeOfDay, today } from "../../words/time";
import { decimal, percent } from "./figures";
import { useLines } from "./lines";
import { bands, byHour, people, spanOf } from "./report-figures";
import { supervisionWords } from "./words";

type Interval = "15min" | "30min" | "hour" | "day";
const INTERVALS: readonly Interval[] = ["15min", "30min", "hour", "day"];
type Rows = Schema<"telesecretariat.CallsReport">;

interface Asked {
  readonly from: string;
  readonly until: string;
  readonly interval: Interval;
  readonly lineId: string;
}

/** What happened: calls and levels per interval, waits, weekday by hour, time of all seats together. */
export function Reports() {
  const words = useWords(supervisionWords);
  const lines = useLines();
  const [asked, ask] = useState<Asked>({ from: today(), until: today(), interval: "30min", lineId: "" });
  const change = (changed: Partial<Asked>) => ask({ ...asked, ...changed });
  const tooMany = asked.interval !== "day" && spanOf(asked.from, asked.until) > 7;
  return (
    <>
      <Title>{words.reports}</Title>
      <section className="panel supervision-fields" aria-label={words.reports}>
        <TextField
          label={words.from}
          type="date"
          value={asked.from}
          max={asked.until}
          onChange={(event) => change({ from: event.target.value })}
        />
        <TextField
          label={words.until}
          type="date"
          value={asked.until}
          min={asked.from}
          onChange={(event) => change({ until: event.target.value })}
        />
        <SelectField
          label={words.interval}
          value={asked.interval}
          onChange={(event) => change({ interval: event.target.value as Interval })}
        >
          {INTERVALS.map((each) => (
            <option key={each} value={each}>
              {words.intervals[each]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.line}
          value={asked.lineId}
          onChange={(event) => change({ lineId: event.target.value })}
        >
          <option value="">{words.allLines}</option>
          {lines.map((line) => (
            <option key={line.id} value={line.id}>
              {line.name}
            </option>
          ))}
        </SelectField>
      </section>
      {tooMany ? (
        <Strip state="info">{words.tooMany}</Strip>
      ) : asked.from && asked.until ? (
        <Report asked={asked} />
      ) : null}
    </>
  );
}

function useReports(asked: Asked) {
  return useQuery({
    queryKey: ["telesecretariat", "reports", asked],
    queryFn: async ({ signal }) => {
      const query = {
        from: asked.from,
        until: addDays(asked.until, 1),
        interval: asked.interval,
        ...(asked.interval === "day" ? {} : { day_start_time: "07:00:00", day_end_time: "21:00:00" }),
        ...(asked.lineId ? { line_id: asked.lineId } : {}),
      };
      const given = { params: { query }, headers: { Accept: "application/json" }, signal };
      const [calls, waits, agents, access] = await Promise.all([
        body(api.GET("/api/telesecretariat/v1/reports/calls", given)),
        body(api.GET("/api/telesecretariat/v1/reports/waits", given)),
        body(api.GET("/api/telesecretariat/v1/reports/agents", given)),
        body(api.GET("/api/telesecretariat/v1/reports/access", given)),
      ]);
      return { calls, waits, agents, access };
    },
    staleTime: 60_000,
  });
}

function Report({ asked }: { readonly asked: Asked }) {
  const words = useWords(supervisionWords);
  const report = useReports(asked);
  const file = `${asked.from}_${asked.until}`;
  return (
    <Read of={report} lines={10}>
      {({ calls, waits, agents, access }) =>
        calls.total.received === 0 ? (
          <Empty acts={<Button onClick={() => void report.refetch()}>{words.refresh}</Button>}>
            {words.noReport}
          </Empty>
        ) : (
          <>
            <Totals report={calls} onRefresh={() => void report.refetch()} />
            <Calls report={calls} interval={asked.interval} file={file} />
            <div className="supervision-columns">
              <Waits rows={waits.rows} file={file} />
              <People rows={agents.rows} interval={asked.interval} file={file} />
            </div>
            <Access rows={access.rows} file={file} />
          </>
        )
      }
    </Read>
  );
}

function Totals({ report, onRefresh }: { readonly report: Rows; readonly onRefresh: () => void }) {
  const words = useWords(supervisionWords);
  const all = report.total;
  const level = (value: number | null) => (value === null ? "–" : percent(value));
  const figures: readonly (readonly [string, string])[] = [
    [words.received, String(all.received)],
    [words.answered, String(all.answered)],
    [words.abandoned, String(all.abandoned)],
    [words.averageWait, all.average_wait_s === null ? "–" : duration(all.average_wait_s)],
    [`${words.levels.sl_answered} (${report.sl_threshold_s} s)`, level(all.sl_answered)],
    [`${words.levels.sl_with_abandons} (${report.sl_threshold_s} s)`, level(all.sl_with_abandons)],
    [`${words.levels.sl_offered} (${report.sl_threshold_s} s)`, level(all.sl_offered)],
  ];
  return (
    <section className="panel stack">
      <div className="row spread">
        <h2>{words.totals}</h2>
        <Button onClick={onRefresh}>{words.refresh}</Button>
      </div>
      <dl className="supervision-totals">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Calls({
  report,
  interval,
  file,
}: {
  readonly report: Rows;
  readonly interval: Interval;
  readonly file: string;
}) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const { rows } = report;
  const label = (begins: string) =>
    interval === "day" ? shortDay(begins, language) : timeOfDay(begins, language);
  const drawn = useMemo(
    () => ({
      times: rows.map((row) => Date.parse(row.begins)),
      levels: (["sl_answered", "sl_with_abandons", "sl_offered"] as const).map((name) => ({
        id: name,
        name: words.levels[name],
        values: rows.map((row) => (row[name] === null ? null : Math.round(row[name] * 100))),
      })),
    }),
    [rows, words],
  );
  return (
    <>
      <BarChart
        title={words.callsChart}
        unit={words.callsUnit}
        file={`appels_${file}`}
        labelled={words.hour}
        labels={rows.map((row) => label(row.begins))}
        stacked
        series={[
          { id: "answered", name: words.answered, values: rows.map((row) => row.answered) },
          { id: "abandoned", name: words.abandoned, values: rows.map((row) => row.abandoned) },
          { id: "overflowed", name: words.overflowed, values: rows.map((row) => row.overflowed) },
          {
            id: "callback",
            name: words.callbackRequested,
            values: rows.map((row) => row.callback_requested),
          },
        ]}
      />
      <LineChart
        title={words.levelsChart}
        unit={words.levelsUnit}
        file={`niveaux_${file}`}
        labelled={words.hour}
        times={drawn.times}
        series={drawn.levels}
      />
    </>
  );
}

function Waits({
  rows,
  file,
}: {
  readonly rows: Schema<"telesecretariat.WaitsReport">["rows"];
  readonly file: string;
}) {
  const words = useWords(supervisionWords);
  const all = bands(rows);
  return (
    <BarChart
      title={words.waitsChart}
      unit={words.callsUnit}
      file={`attentes_${file}`}
      labelled={words.bandHead}
      labels={all.map((each) => words.band(each.from, each.to))}
      series={[
        { id: "answered", name: words.answered, values: all.map((each) => each.answered) },
        { id: "abandoned", name: words.abandoned, values: all.map((each) => each.abandoned) },
      ]}
    />
  );
}

function People({
  rows,
  interval,
  file,
}: {
  readonly rows: Schema<"telesecretariat.AgentsReport">["rows"];
  readonly interval: Interval;
  readonly file: string;
}) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const all = people(rows);
  return (
    <BarChart
      title={words.peopleChart}
      unit={words.peopleUnit}
      number={(value) => decimal(value, language, 2)}
      file={`postes_${file}`}
      labelled={words.hour}
      labels={all.map((each) =>
        interval === "day" ? shortDay(each.begins, language) : timeOfDay(each.begins, language),
      )}
      stacked
      series={(["on_call", "wrap", "ready", "not_ready"] as const).map((id) => ({
        id,
        name: words.times[id],
        values: all.map((each) => each[id]),
      }))}
    />
  );
}

function Access({
  rows,
  file,
}: {
  readonly rows: Schema<"telesecretariat.AccessReport">["rows"];
  readonly file: string;
}) {
  const words = useWords(supervisionWords);
  const { hours, values } = byHour(rows);
  return (
    <Heatmap
      title={words.heatChart}
      unit={words.callsUnit}
      file={`heures_${file}`}
      labelled={words.weekday}
      rows={words.weekdays}
      columns={hours.map((hour) => `${hour} h`)}
      values={values}
    />
  );
}
