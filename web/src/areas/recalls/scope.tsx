import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useModels, useSets } from "../../cooperation/names";
import { SetSearch } from "../../cooperation/set-search";
import { Button } from "../../ui/button";
import { SelectField, TextField } from "../../ui/field";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, instantAt, today } from "../../words/time";
import { recallsWords } from "./words";

type Scope = Schema<"cooperation.Scope">;
type Span = Schema<"cooperation.MachineSpan">;
export type ScopeItem =
  | { readonly kind: "loads" | "runs" | "models" | "instruments"; readonly id: string; readonly name: string }
  | { readonly kind: "machines"; readonly id: string; readonly name: string; readonly span: Span }
  | {
      readonly kind: "lots";
      readonly id: string;
      readonly name: string;
      readonly lot: Schema<"cooperation.Lot">;
    };

/** The scope that items name together. */
export function bodyOf(items: readonly ScopeItem[]): Scope {
  const ids = (kind: "loads" | "runs" | "models" | "instruments") =>
    items.filter((item) => item.kind === kind).map((item) => item.id);
  return {
    loads: ids("loads"),
    runs: ids("runs"),
    models: ids("models"),
    instruments: ids("instruments"),
    machines: items.flatMap((item) => (item.kind === "machines" ? [item.span] : [])),
    lots: items.flatMap((item) => (item.kind === "lots" ? [item.lot] : [])),
  };
}

/** The items of a scope that is open already; the service keeps ids, so they share one name. */
export function scopeOf(scope: Scope | null, name: string): ScopeItem[] {
  if (!scope) return [];
  const kinds = ["loads", "runs", "models", "instruments"] as const;
  return [
    ...kinds.flatMap((kind) => (scope[kind] ?? []).map((id): ScopeItem => ({ kind, id, name }))),
    ...(scope.machines ?? []).map(
      (span): ScopeItem => ({ kind: "machines", id: span.machine_id + span.since, name, span }),
    ),
    ...(scope.lots ?? []).map((lot): ScopeItem => ({ kind: "lots", id: lot.lot, name: lot.lot, lot })),
  ];
}

interface Props {
  readonly items: readonly ScopeItem[];
  /** Cannot be taken out: an extension only widens. */
  readonly fixed: readonly ScopeItem[];
  readonly onChange: (items: readonly ScopeItem[]) => void;
}

/** What is recalled: loads, turns of sets, machines over a time, instrument models. */
export function ScopePicker({ items, fixed, onChange }: Props) {
  const words = useWords(recallsWords);
  const { data: sets = [] } = useSets();
  const [noRun, setNoRun] = useState(false);
  const add = (item: ScopeItem) => {
    if (!items.some((each) => each.kind === item.kind && each.id === item.id)) onChange([...items, item]);
  };
  const addSet = (setId: string) => {
    const set = sets.find((row) => row.id === setId);
    setNoRun(!set?.run_id);
    if (set?.run_id) add({ kind: "runs", id: set.run_id, name: set.name });
  };
  return (
    <section className="panel stack">
      <h2>{words.scope}</h2>
      {items.length === 0 ? <p className="muted">{words.emptyScope}</p> : null}
      <ul className="row">
        {items.map((item) => (
          <li key={item.kind + item.id} className="recalls-item row">
            {item.name}
            {fixed.includes(item) ? null : (
              <Button
                kind="quiet"
                aria-label={words.remove(item.name)}
                onClick={() => onChange(items.filter((each) => each !== item))}
              >
                <X size={16} aria-hidden="true" />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="recalls-scope">
        <LoadField onAdd={add} />
        <div>
          <SetSearch label={words.addSet} onChoose={addSet} />
          {noRun ? <p className="muted small">{words.noRun}</p> : null}
        </div>
        <ModelField onAdd={add} />
        <MachineFields onAdd={add} />
      </div>
    </section>
  );
}

interface AddProps {
  readonly onAdd: (item: ScopeItem) => void;
}

function useMachines() {
  return useQuery({
    queryKey: ["cooperation", "machines"],
    queryFn: async () =>
      (await body(api.GET("/api/cooperation/v1/machines", { params: { query: { limit: 100 } } }))).items,
  });
}

function LoadField({ onAdd }: AddProps) {
  const words = useWords(recallsWords);
  const { language } = useLanguage();
  const { data: machines = [] } = useMachines();
  const { data: loads = [] } = useQuery({
    queryKey: ["cooperation", "loads", "recent"],
    queryFn: async () =>
      (await body(api.GET("/api/cooperation/v1/loads", { params: { query: { limit: 200 } } }))).items,
  });
  const started = loads.filter((load) => load.started_at);
  const nameOf = (load: (typeof loads)[number]) =>
    words.loadName(
      machines.find((machine) => machine.id === load.machine_id)?.name ?? "–",
      String(load.cycle_no ?? "–"),
      dayAndTime(load.started_at ?? load.created_at, language),
    );
  return (
    <SelectField
      label={words.addLoad}
      value=""
      onChange={(event) => {
        const load = started.find((each) => each.id === event.target.value);
        if (load) onAdd({ kind: "loads", id: load.id, name: nameOf(load) });
      }}
    >
      <option value="">{words.chooseLoad}</option>
      {started.map((load) => (
        <option key={load.id} value={load.id}>
          {nameOf(load)}
        </option>
      ))}
    </SelectField>
  );
}

function ModelField({ onAdd }: AddProps) {
  const words = useWords(recallsWords);
  const { data: models = [] } = useModels();
  return (
    <SelectField
      label={words.addModel}
      value=""
      onChange={(event) => {
        const model = models.find((each) => each.id === event.target.value);
        if (model) onAdd({ kind: "models", id: model.id, name: model.alias });
      }}
    >
      <option value="">{words.chooseModel}</option>
      {models
        .toSorted((a, b) => a.alias.localeCompare(b.alias))
        .map((model) => (
          <option key={model.id} value={model.id}>
            {model.alias}
          </option>
        ))}
    </SelectField>
  );
}

function MachineFields({ onAdd }: AddProps) {
  const words = useWords(recallsWords);
  const { data: machines = [] } = useMachines();
  const [machine, setMachine] = useState("");
  const [from, setFrom] = useState(today());
  const [to, setTo] = useState(today());
  const chosen = machines.find((each) => each.id === machine) ?? machines[0];
  return (
    <fieldset className="stack">
      <legend>{words.addMachine}</legend>
      <SelectField label={words.machine} value={machine} onChange={(event) => setMachine(event.target.value)}>
        {machines.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </SelectField>
      <div className="row">
        <TextField
          label={words.from}
          type="date"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextField label={words.to} type="date" value={to} onChange={(event) => setTo(event.target.value)} />
        <Button
          onClick={() => {
            if (!chosen || !from || !to) return;
            const span = {
              machine_id: chosen.id,
              since: instantAt(from, "00:00"),
              until: instantAt(to, "23:59"),
            };
            onAdd({
              kind: "machines",
              id: chosen.id + from + to,
              name: `${chosen.name}, ${from} – ${to}`,
              span,
            });
          }}
        >
          {words.add}
        </Button>
      </div>
    </fieldset>
  );
}
