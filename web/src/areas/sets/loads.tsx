import type { Schema } from "../../api/client";
import { cooperationWords } from "../../cooperation/words";
import { Badge } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, duration } from "../../words/time";
import { EntryLink } from "./entry";
import type { Entry, RunFile } from "./queries";
import { lastOf } from "./steps";
import { setsWords } from "./words";

type Load = Schema<"cooperation.FileLoad">;

interface Props {
  readonly file: RunFile;
  readonly onEntry: (entry: Entry) => void;
}

/** The loads this turn was in: programme, verdict, what was seen of the pack, who decided. */
export function Loads({ file, onEntry }: Props) {
  const words = useWords(setsWords);
  return (
    <section className="panel stack">
      <h2>{words.loads}</h2>
      {file.loads.length === 0 ? <p className="muted">{words.noLoad}</p> : null}
      <div className="sets-loads">
        {file.loads.map((load) => (
          <LoadCard key={load.load_id} load={load} entries={file.entries} onEntry={onEntry} />
        ))}
      </div>
    </section>
  );
}

function LoadCard({
  load,
  entries,
  onEntry,
}: {
  readonly load: Load;
  readonly entries: readonly Entry[];
  readonly onEntry: (entry: Entry) => void;
}) {
  const words = useWords(setsWords);
  const shared = useWords(cooperationWords);
  const { language } = useLanguage();
  const record = load.records.filter((each) => each.accepted).at(-1);
  const refused = load.records.filter((each) => !each.accepted).length;
  const own = entries.filter((entry) => entry.subject_id === load.load_id);
  const recorded = lastOf(own, ["load.recorded"]);
  const decided = lastOf(own, ["load.released", "load.rejected"]);
  const figures = record?.figures ?? {};
  const number = (value: number, digits: number) =>
    value.toLocaleString(language, { maximumFractionDigits: digits });
  const figure = (name: string, digits = 0) => {
    const value = figures[name];
    return value === undefined || value === null ? "–" : number(value, digits);
  };
  const steam = load.kind !== "washing";
  return (
    <article className="sets-load stack">
      <h3>{words.load(load.machine_name, load.cycle_no === null ? words.noCycle : String(load.cycle_no))}</h3>
      <dl className="sets-pairs">
        <dt>{words.programme}</dt>
        <dd>
          {load.programme_name}, {words.version(load.programme_no)}
        </dd>
        <dt>{words.verdict}</dt>
        <dd>
          {record ? (
            <Badge state={record.verdict === "conform" ? "ok" : "danger"}>
              {record.verdict === "conform" ? words.conform : words.notConform}
            </Badge>
          ) : (
            <Badge state="unknown">{words.noVerdict}</Badge>
          )}{" "}
          {recorded ? <EntryLink entry={recorded} onEntry={onEntry} /> : null}
          {refused > 0 ? <span className="muted small"> {words.refusedRecord}</span> : null}
        </dd>
        {record && steam ? (
          <>
            <dt>{words.plateau}</dt>
            <dd>
              {words.plateauOf(duration(figures.plateau_s ?? 0), duration(load.plateau_s))}{" "}
              <span className="muted">{words.degrees(figure("coldest_c", 1), figure("hottest_c", 1))}</span>
            </dd>
            <dt>{words.f0}</dt>
            <dd>{words.minutes(figure("f0_min", 1))}</dd>
          </>
        ) : null}
        {record && !steam ? (
          <>
            <dt>{words.a0}</dt>
            <dd>{words.a0Of(figure("a0_s"), number(load.a0_min, 0))}</dd>
          </>
        ) : null}
        {record?.second_agrees != null ? (
          <>
            <dt>{words.second}</dt>
            <dd>{record.second_agrees ? words.agrees : words.differs}</dd>
          </>
        ) : null}
        <dt>{words.pack}</dt>
        <dd>
          {saw(load, words.seen) || words.notSeen}
          {load.seen_at ? <span className="muted small">, {dayAndTime(load.seen_at, language)}</span> : null}
        </dd>
        <dt>{words.controls}</dt>
        <dd>
          {[...load.tests, ...load.controls]
            .map(
              (each) =>
                `${words.control[each.kind] ?? each.kind} ${words.result[each.result] ?? each.result}`,
            )
            .join(", ") || "–"}
        </dd>
        <dt>{words.decision}</dt>
        <dd>
          {load.decision ? (
            <>
              <Badge state={load.decision.outcome === "release" ? "ok" : "danger"}>
                {load.decision.outcome === "release" ? words.released : words.rejected}
              </Badge>{" "}
              {words.signedBy(
                shared.role[load.decision.role] ?? load.decision.role,
                dayAndTime(load.decision.decided_at, language),
              )}{" "}
              {load.decision.reason} {decided ? <EntryLink entry={decided} onEntry={onEntry} /> : null}
            </>
          ) : (
            words.undecided
          )}
        </dd>
      </dl>
    </article>
  );
}

function saw(
  load: Load,
  seen: Readonly<Record<"clean" | "soiled" | "intact" | "damaged" | "dry" | "wet", string>>,
) {
  const said: string[] = [];
  if (load.clean !== null) said.push(load.clean ? seen.clean : seen.soiled);
  if (load.intact !== null) said.push(load.intact ? seen.intact : seen.damaged);
  if (load.dry !== null) said.push(load.dry ? seen.dry : seen.wet);
  return said.join(", ");
}
