import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, timeOfDay } from "../../words/time";
import { type Line, useBoard } from "./queries";
import { Choice } from "./seat-dialog";
import { supervisionWords } from "./words";

type Simulation = Schema<"telesecretariat.SimulationOut">;
const STATES = { running: "info", done: "ok", stopped: "neutral", failed: "danger" } as const;

/** The telephone systems and their cuts; made-up callers for who learns. */
export function Training() {
  const words = useWords(supervisionWords);
  const board = useBoard();
  return (
    <>
      <Title>{words.training}</Title>
      <Adapters />
      <Read of={board}>
        {(data) => (data.lines.length ? <Simulations lines={data.lines} /> : <Empty>{words.noLine}</Empty>)}
      </Read>
    </>
  );
}

function Adapters() {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const adapters = useLiveQuery({
    queryKey: ["telesecretariat", "adapters"],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/telesecretariat/v1/telephony/adapters", { signal }))).items,
    topics: ["telesecretariat.adapter_*"],
  });
  const at = (instant: string) => timeOfDay(instant, language);
  return (
    <Read of={adapters} lines={2}>
      {(items) => (
        <DataTable
          caption={words.adapters}
          rows={items}
          keyOf={(each) => each.id}
          columns={[
            { id: "kind", head: words.adapter, cell: (each) => words.adapterKinds[each.kind] },
            {
              id: "state",
              head: words.state,
              cell: (each) => (
                <Badge state={each.state === "up" ? "ok" : "danger"}>
                  {each.state === "up" ? words.up : words.down}
                </Badge>
              ),
            },
            { id: "since", head: words.since, cell: (each) => dayAndTime(each.since, language) },
            {
              id: "cuts",
              head: words.cut,
              cell: (each) =>
                each.outages.length
                  ? each.outages
                      .map((cut) =>
                        cut.ended_at
                          ? words.cutFrom(at(cut.began_at), at(cut.ended_at))
                          : words.cutSince(at(cut.began_at)),
                      )
                      .join(" ; ")
                  : words.noCut,
            },
          ]}
        />
      )}
    </Read>
  );
}

function Simulations({ lines }: { readonly lines: readonly Line[] }) {
  const words = useWords(supervisionWords);
  const client = useQueryClient();
  const say = useToast();
  const [lineId, setLine] = useState(lines[0]?.id ?? "");
  const [whole, setWhole] = useState(false);
  const again = () => client.invalidateQueries({ queryKey: ["telesecretariat", "simulations"] });
  const start = useCommand(
    (given: Schema<"telesecretariat.SimulationIn">, key) =>
      body(
        api.POST("/api/telesecretariat/v1/telephony/simulations", {
          headers: { "Idempotency-Key": key },
          body: given,
        }),
      ),
    () => {
      say(words.started);
      void again();
    },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const number = (name: string) => Number(form.get(name) || 0);
    void start.run({
      line_id: lineId,
      agents: number("agents"),
      profile: String(form.get("profile")) as "ordinary" | "influenza" | "patient",
      speed: number("speed") || 1,
      seed: Math.floor(Math.random() * 1_000_000),
      since: "08:00:00",
      until: "20:00:00",
      faults: { drop: 0, duplicate: 0, late: 0, lost_leg: 0 },
      calls: whole ? null : number("calls") || 1,
    });
  };
  return (
    <>
      <form className="panel stack" onSubmit={submit}>
        <h2>{words.simulation}</h2>
        <p className="muted">{words.simulationText}</p>
        <div className="supervision-fields">
          <SelectField label={words.line} value={lineId} onChange={(event) => setLine(event.target.value)}>
            {lines.map((line) => (
              <option key={line.id} value={line.id}>
                {line.name}
              </option>
            ))}
          </SelectField>
          <SelectField label={words.what} onChange={(event) => setWhole(event.target.value === "whole")}>
            <option value="few">{words.few}</option>
            <option value="whole">{words.whole}</option>
          </SelectField>
          {whole ? null : (
            <TextField
              label={words.howMany}
              name="calls"
              type="number"
              min={1}
              max={50}
              defaultValue={3}
              fault={faultAt(start.refusal, "/calls")}
            />
          )}
          <Choice name="profile" label={words.profile} options={words.profiles} />
          <SelectField label={words.speed} name="speed">
            {[1, 10, 60].map((speed) => (
              <option key={speed} value={speed}>
                {words.speedOf(speed)}
              </option>
            ))}
          </SelectField>
          <TextField
            label={words.simulatedAgents}
            name="agents"
            type="number"
            min={0}
            max={200}
            defaultValue={0}
            fault={faultAt(start.refusal, "/agents")}
          />
        </div>
        <RefusalStrip refusal={start.refusal} />
        <div>
          <Button type="submit" kind="primary" busy={start.pending}>
            {words.start}
          </Button>
        </div>
      </form>
      <Latest lineId={lineId} />
    </>
  );
}

function Latest({ lineId }: { readonly lineId: string }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const latest = useQuery({
    queryKey: ["telesecretariat", "simulations", lineId],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/telesecretariat/v1/telephony/simulations", {
            params: { query: { line_id: lineId } },
            signal,
          }),
        )
      ).items,
  });
  const stop = useCommand(
    (simulation_id: string, key) =>
      body(
        api.DELETE("/api/telesecretariat/v1/telephony/simulations/{simulation_id}", {
          params: { path: { simulation_id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.stopped);
      void client.invalidateQueries({ queryKey: ["telesecretariat", "simulations"] });
    },
  );
  return (
    <Read of={latest} lines={2}>
      {(items) =>
        items.length === 0 ? (
          <Empty>{words.noSimulation}</Empty>
        ) : (
          <>
            <RefusalStrip refusal={stop.refusal} />
            <DataTable<Simulation>
              caption={words.simulations}
              rows={items}
              keyOf={(each) => each.id}
              columns={[
                { id: "began", head: words.began, cell: (each) => dayAndTime(each.began_at, language) },
                {
                  id: "state",
                  head: words.state,
                  cell: (each) => (
                    <Badge state={STATES[each.state]}>{words.simulationStates[each.state]}</Badge>
                  ),
                },
                { id: "calls", head: words.howMany, cell: (each) => each.calls ?? words.whole },
                {
                  id: "shown",
                  head: words.shown,
                  cell: (each) => (each.shown ? timeOfDay(each.shown, language) : "–"),
                },
                {
                  id: "acts",
                  head: words.acts,
                  cell: (each) =>
                    each.state === "running" ? (
                      <Button busy={stop.pending} onClick={() => void stop.run(each.id)}>
                        {words.stop}
                      </Button>
                    ) : null,
                },
              ]}
            />
          </>
        )
      }
    </Read>
  );
}
