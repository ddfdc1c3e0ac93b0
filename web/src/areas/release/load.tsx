import { useState } from "react";
import type { Refusal } from "../../api/refusal";
import { Button } from "../../ui/button";
import { Badge, Read, type State } from "../../ui/state";
import { type Column, DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, timeOfDay } from "../../words/time";
import { Curve } from "./curve";
import { Decide } from "./decide";
import { useLoad } from "./queries";
import { releaseWords } from "./words";

type Shown = NonNullable<ReturnType<typeof useLoad>["data"]>;
type Run = Shown["file"]["runs"][number];

/** One load: what is lacking first, then the signature, then everything it rests on. */
export function LoadScreen({ id }: { readonly id: string }) {
  const words = useWords(releaseWords);
  const shown = useLoad(id);
  const [changed, setChanged] = useState(false);
  return (
    <Read of={shown} lines={8}>
      {(data) => (
        <div className="stack release-page">
          <header className="row spread">
            <h2>
              {data.file.machine_name}, {words.cycle(data.load.cycle_no)}
            </h2>
            <Badge state={STATES[data.load.state] ?? "neutral"}>{words.state[data.load.state]}</Badge>
          </header>
          <Facts data={data} />
          <Evidence data={data} onRead={() => void shown.refetch()} reading={shown.isFetching} />
          <Decide
            data={data}
            changed={changed}
            onRefused={(refusal: Refusal) => {
              if (refusal.status === 412) setChanged(true);
              void shown.refetch();
            }}
            onDone={() => {
              setChanged(false);
              void shown.refetch();
            }}
          />
          <Curve id={id} there={data.file.records.some((record) => record.accepted)} />
          <Packs data={data} />
          <Tests data={data} />
        </div>
      )}
    </Read>
  );
}

const STATES: Readonly<Record<string, State>> = {
  open: "neutral",
  running: "info",
  to_decide: "warn",
  released: "ok",
  rejected: "danger",
};

function Facts({ data }: { readonly data: Shown }) {
  const words = useWords(releaseWords);
  const { language } = useLanguage();
  const { file, load } = data;
  return (
    <p className="muted">
      {words.programme(file.programme_name, file.programme_no)} · {words.packs(file.runs.length)}
      {load.started_at ? ` · ${words.startedAt(dayAndTime(load.started_at, language))}` : ""}
      {load.cycle_ended_at ? ` · ${words.endedAt(timeOfDay(load.cycle_ended_at, language))}` : ""}
    </p>
  );
}

const LOOKS = { ok: "ok", missing: "unknown", failed: "danger" } as const;

/** No event tells that a pack was looked at or an indicator read: whoever signs reads the evidence again. */
function Evidence({
  data,
  onRead,
  reading,
}: {
  readonly data: Shown;
  readonly onRead: () => void;
  readonly reading: boolean;
}) {
  const words = useWords(releaseWords);
  const items = data.load.evidence ?? [];
  return (
    <section className="panel">
      <div className="row spread">
        <h3>{words.evidence}</h3>
        {data.load.decision ? null : (
          <Button busy={reading} onClick={onRead}>
            {words.readAgain}
          </Button>
        )}
      </div>
      <ul className="release-evidence">
        {items.map((item) => (
          <li key={item.item} data-item={item.item} data-state={item.state}>
            <Badge state={LOOKS[item.state]}>{words.evidenceState[item.state]}</Badge>
            <span>
              {words.item[item.item]}
              {item.of != null ? ` (${words.doneOf(item.done ?? 0, item.of)})` : ""}
            </span>
            {item.codes && item.codes.length > 0 ? (
              <span className="muted">{item.codes.map((code) => words.code(code)).join(", ")}</span>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Packs({ data }: { readonly data: Shown }) {
  const words = useWords(releaseWords);
  const { language } = useLanguage();
  const wash = data.load.kind === "washing";
  const columns: readonly Column<Run>[] = [
    { id: "set", head: words.set, cell: (run) => run.set_name },
    { id: "label", head: words.label, cell: (run) => <span className="mono">{run.label ?? ""}</span> },
    {
      id: "seen",
      head: words.seen,
      cell: (run) =>
        run.seen_at ? timeOfDay(run.seen_at, language) : <Badge state="unknown">{words.unseen}</Badge>,
    },
    {
      id: "state",
      head: words.found,
      cell: (run) => {
        if (!run.seen_at) return null;
        const bad = wash ? run.clean === false : run.intact === false || run.dry === false;
        return <Badge state={bad ? "danger" : "ok"}>{words.foundAs(run, wash)}</Badge>;
      },
    },
  ];
  return (
    <DataTable caption={words.content} columns={columns} rows={data.file.runs} keyOf={(run) => run.run_id} />
  );
}

function Tests({ data }: { readonly data: Shown }) {
  const words = useWords(releaseWords);
  const { language } = useLanguage();
  const { tests, controls, issues, records } = data.file;
  return (
    <section className="panel stack">
      <h3>{words.tests}</h3>
      {tests.length + controls.length === 0 ? <p className="muted">{words.noTest}</p> : null}
      <ul className="release-tests">
        {tests.map((test) => (
          <li key={test.id}>
            <Badge state={test.result === "conform" ? "ok" : "danger"}>{words.code(test.result)}</Badge>
            {words.code(test.kind)}, {dayAndTime(test.tested_at, language)}
          </li>
        ))}
        {controls.map((control) => (
          <li key={control.id}>
            <Badge state={control.result === "conform" ? "ok" : "danger"}>{words.code(control.result)}</Badge>
            {words.code(control.kind)}, {dayAndTime(control.read_at, language)}
          </li>
        ))}
        {records
          .filter((record) => !record.accepted)
          .map((record) => (
            <li key={record.id}>
              <Badge state="warn">{words.recordRefused}</Badge>
              {dayAndTime(record.created_at, language)} {record.refused_for}
            </li>
          ))}
        {issues.map((issue) => (
          <li key={issue.id}>
            <Badge state={issue.state === "closed" ? "neutral" : "warn"}>{words.issue(issue.state)}</Badge>
            {words.code(issue.kind)}, {dayAndTime(issue.created_at, language)}
          </li>
        ))}
      </ul>
    </section>
  );
}
