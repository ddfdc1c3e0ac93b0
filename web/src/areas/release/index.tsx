import { Link, Route, Switch } from "wouter";
import { Empty, Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { LoadScreen } from "./load";
import { type LoadState, useLoads, useMachines } from "./queries";
import { releaseWords } from "./words";
import "./release.css";

/** The pharmacist's desk: loads that wait for a decision, and what each rests on. */
export default function Release() {
  return (
    <Switch>
      <Route path="/release/:id">{({ id }) => <Desk chosen={id} />}</Route>
      <Route>
        <Desk />
      </Route>
    </Switch>
  );
}

function Desk({ chosen }: { readonly chosen?: string }) {
  const words = useWords(releaseWords);
  const waiting = useLoads("to_decide");
  return (
    <div className="release">
      <div className="release-lists stack">
        <Title>{words.title}</Title>
        <Read of={waiting}>
          {(loads) =>
            loads.length === 0 ? (
              <Empty>{words.none}</Empty>
            ) : (
              <Loads heading={words.waiting(loads.length)} loads={loads} chosen={chosen} />
            )
          }
        </Read>
        <Others state="running" heading={words.running} chosen={chosen} />
        <Others state="released" heading={words.released} chosen={chosen} />
        <Others state="rejected" heading={words.rejected} chosen={chosen} />
      </div>
      <div className="release-load">
        {chosen ? (
          <LoadScreen key={chosen} id={chosen} />
        ) : waiting.data?.length ? (
          <p className="muted">{words.choose}</p>
        ) : null}
      </div>
    </div>
  );
}

type Loads = NonNullable<ReturnType<typeof useLoads>["data"]>;

function Others({
  state,
  heading,
  chosen,
}: {
  readonly state: LoadState;
  readonly heading: string;
  readonly chosen: string | undefined;
}) {
  const loads = useLoads(state);
  const shown = loads.data?.slice(0, 8) ?? [];
  return shown.length === 0 ? null : <Loads heading={heading} loads={shown} chosen={chosen} />;
}

function Loads({
  heading,
  loads,
  chosen,
}: {
  readonly heading: string;
  readonly loads: Loads;
  readonly chosen: string | undefined;
}) {
  const words = useWords(releaseWords);
  const { language } = useLanguage();
  const machines = useMachines();
  return (
    <section className="stack">
      <h2>{heading}</h2>
      <ul className="release-list">
        {loads.map((load) => (
          <li key={load.id}>
            <Link href={`/release/${load.id}`} aria-current={load.id === chosen ? "true" : undefined}>
              <strong>{machines.data?.get(load.machine_id) ?? words.kind[load.kind]}</strong>
              <span>{words.cycle(load.cycle_no)}</span>
              <span className="small muted">
                {dayAndTime(load.cycle_ended_at ?? load.started_at ?? load.created_at, language)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
