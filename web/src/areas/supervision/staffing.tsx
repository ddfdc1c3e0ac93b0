import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Refusal } from "../../api/refusal";
import { Button } from "../../ui/button";
import { BarChart, LineChart } from "../../ui/chart";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { Empty, RefusalStrip, Strip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { duration, instantAt, timeOfDay, today } from "../../words/time";
import { decimal, percent } from "./figures";
import { useLines } from "./lines";
import { HOUR, OPENS, spread } from "./staffing-figures";
import { supervisionWords } from "./words";

type Required = Schema<"telesecretariat.RequiredOut">;
interface Need {
  readonly date: string;
  readonly lineId: string;
  /** Calls expected, when the line has no history. */
  readonly calls: number | null;
  readonly goal: number;
  readonly threshold: number;
}

/** How many seats a day needs per interval, and what the planned ones would give. */
export function Staffing() {
  const words = useWords(supervisionWords);
  const lines = useLines();
  const [chosen, choose] = useState("");
  const [date, setDate] = useState(today());
  const lineId = chosen || lines[0]?.id || "";
  const forecast = useQuery({
    queryKey: ["telesecretariat", "forecast", lineId, date],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/telesecretariat/v1/staffing/forecast", {
          params: { query: { line_id: lineId, date } },
          signal,
        }),
      ),
    enabled: lineId !== "" && date !== "",
    staleTime: 60_000,
  });
  const missing = forecast.error instanceof Refusal && forecast.error.code === "HISTORY_MISSING";
  const required = useCommand((need: Need, key) =>
    body(
      api.POST("/api/telesecretariat/v1/staffing/required", {
        headers: { "Idempotency-Key": key },
        body: {
          ...(need.calls === null
            ? { line_id: need.lineId, date: need.date, interval_s: HOUR / 2 }
            : { calls: spread(need.calls), interval_s: HOUR }),
          goal: need.goal / 100,
          threshold_s: need.threshold,
          handling_s: 165,
          occupancy: 0.85,
        },
      }),
    ),
  );
  const [asked, setAsked] = useState<Need | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const need = {
      date,
      lineId,
      calls: forecast.data ? null : Number(form.get("calls")),
      goal: Number(form.get("goal")),
      threshold: Number(form.get("threshold")),
    };
    setAsked(need);
    void required.run(need);
  };
  return (
    <>
      <Title>{words.staffing}</Title>
      <form className="panel stack" onSubmit={submit}>
        <div className="supervision-fields">
          <TextField
            label={words.date}
            type="date"
            value={date}
            onChange={(event) => setDate(event.target.value)}
          />
          <SelectField label={words.line} value={lineId} onChange={(event) => choose(event.target.value)}>
            {lines.map((line) => (
              <option key={line.id} value={line.id}>
                {line.name}
              </option>
            ))}
          </SelectField>
          <TextField
            label={words.goal}
            name="goal"
            type="number"
            min={1}
            max={99}
            defaultValue={80}
            fault={faultAt(required.refusal, "/goal")}
            required
          />
          <TextField
            label={words.threshold}
            name="threshold"
            type="number"
            min={0}
            max={3600}
            defaultValue={20}
            fault={faultAt(required.refusal, "/threshold_s")}
            required
          />
          {forecast.data ? null : (
            <TextField
              label={words.expected}
              hint={words.expectedHint}
              name="calls"
              type="number"
              min={1}
              max={20000}
              defaultValue={630}
              required
            />
          )}
        </div>
        {missing ? <Strip state="info">{words.noHistory}</Strip> : null}
        {forecast.error instanceof Refusal && !missing ? <RefusalStrip refusal={forecast.error} /> : null}
        <RefusalStrip refusal={required.refusal} />
        <div>
          <Button type="submit" kind="primary" busy={required.pending}>
            {words.compute}
          </Button>
        </div>
      </form>
      {forecast.data ? <Forecast rows={forecast.data.rows} /> : null}
      {required.done && asked ? (
        <Needed
          key={`${asked.date}${asked.calls}${asked.goal}${asked.threshold}`}
          required={required.done}
          need={asked}
        />
      ) : forecast.data || lines.length ? null : (
        <Empty>{words.noLine}</Empty>
      )}
    </>
  );
}

function Forecast({ rows }: { readonly rows: Schema<"telesecretariat.ForecastOut">["rows"] }) {
  const words = useWords(supervisionWords);
  const drawn = useMemo(
    () => ({
      times: rows.map((row) => Date.parse(row.begins)),
      series: [
        { id: "calls", name: words.forecast, values: rows.map((row) => row.calls) },
        { id: "actual", name: words.actual, values: rows.map((row) => row.actual) },
        { id: "p10", name: words.low, values: rows.map((row) => row.p10), quiet: true },
        { id: "p90", name: words.high, values: rows.map((row) => row.p90), quiet: true },
      ],
    }),
    [rows, words],
  );
  return (
    <LineChart
      title={words.forecastChart}
      unit={words.callsUnit}
      file="prevision"
      labelled={words.hour}
      times={drawn.times}
      series={drawn.series}
    />
  );
}

function Needed({ required, need }: { readonly required: Required; readonly need: Need }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const labels = required.rows.map((row, at) =>
    timeOfDay(row.begins ?? instantAt(need.date, `${OPENS + at}:00`), language),
  );
  const [agents, setAgents] = useState(() => required.rows.map((row) => row.needed));
  const simulate = useCommand((_: null, key) =>
    body(
      api.POST("/api/telesecretariat/v1/staffing/simulations", {
        headers: { "Idempotency-Key": key },
        body: {
          agents: [...agents],
          ...(need.calls === null
            ? { line_id: need.lineId, date: need.date }
            : { calls: spread(need.calls) }),
          interval_s: required.interval_s,
          goal: need.goal / 100,
          threshold_s: need.threshold,
          occupancy: 0.85,
          patience_s: 165,
          replications: 100,
          seed: 1,
          sigma: 0.8,
          talk: "lognormal",
          talk_s: 130,
          wrap_s: 35,
        },
      }),
    ),
  );
  return (
    <>
      <BarChart
        title={words.neededChart}
        unit={words.seatsUnit}
        file="effectifs"
        labelled={words.slot}
        labels={labels}
        series={[
          { id: "needed", name: words.needed, values: required.rows.map((row) => row.needed) },
          { id: "planned", name: words.planned, values: agents },
        ]}
      />
      <form
        className="panel stack"
        onSubmit={(event) => {
          event.preventDefault();
          void simulate.run(null);
        }}
      >
        <h2>{words.plan}</h2>
        <div className="supervision-plan">
          {labels.map((label, at) => (
            <TextField
              key={label}
              label={label}
              type="number"
              min={0}
              max={1000}
              value={agents[at] ?? 0}
              fault={faultAt(simulate.refusal, `/agents/${at}`)}
              onChange={(event) =>
                setAgents(agents.map((each, which) => (which === at ? Number(event.target.value) : each)))
              }
            />
          ))}
        </div>
        <RefusalStrip refusal={simulate.refusal} />
        <div>
          <Button type="submit" busy={simulate.pending}>
            {words.simulate}
          </Button>
        </div>
      </form>
      {simulate.done ? <Simulated done={simulate.done} labels={labels} /> : null}
    </>
  );
}

function Simulated({
  done,
  labels,
}: {
  readonly done: Schema<"telesecretariat.StaffingSimulationOut">;
  readonly labels: readonly string[];
}) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const rows = [
    { label: words.wholeDay, figures: done.day },
    ...done.rows.map((row, at) => ({ label: labels[at] ?? "", figures: row.simulated })),
  ];
  const share = (value: number | null) => (value === null ? "–" : percent(value));
  return (
    <section className="stack" role="status" aria-label={words.simulated}>
      <p>{words.simulatedText(done.replications)}</p>
      <DataTable
        caption={words.simulated}
        rows={rows}
        keyOf={(row) => row.label}
        columns={[
          { id: "slot", head: words.slot, cell: (row) => row.label },
          {
            id: "sl",
            head: `${words.serviceLevel} · ${words.median}`,
            number: true,
            cell: (row) => share(row.figures.sl_offered.p50),
          },
          {
            id: "worst",
            head: `${words.serviceLevel} · ${words.bad}`,
            number: true,
            cell: (row) => share(row.figures.sl_offered.p10),
          },
          {
            id: "wait",
            head: `${words.wait} · ${words.median}`,
            number: true,
            cell: (row) =>
              row.figures.average_wait_s.p50 === null ? "–" : duration(row.figures.average_wait_s.p50),
          },
          {
            id: "abandoned",
            head: `${words.abandons} · ${words.median}`,
            number: true,
            cell: (row) =>
              row.figures.abandoned.p50 === null ? "–" : decimal(row.figures.abandoned.p50, language),
          },
        ]}
      />
    </section>
  );
}
