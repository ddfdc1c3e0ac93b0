import { type ReactNode, useState } from "react";
import { useSession } from "../../api/session";
import { useDirectory, useSites } from "../../booking";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/field";
import { Empty, Read, RefusalStrip } from "../../ui/state";
import { useNow } from "../../ui/timer";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { duration, timeOfDay, today } from "../../words/time";
import { type PlainAct, useAct } from "./act";
import { useAddress } from "./address";
import { useAgenda, type Visit } from "./queries";
import { boardOf, MISS_MS } from "./standing";
import { VisitDialog } from "./visit-dialog";
import { WalkIns } from "./walk-ins";
import { agendaWords } from "./words";

/** Who is expected, who waits, who is late, what is to be closed: one press each. */
export default function Reception() {
  const words = useWords(agendaWords);
  const { site, change } = useAddress();
  const sites = useSites();
  const active = (sites.data ?? []).filter((each) => each.active);
  const here = site || (active.length === 1 ? (active[0]?.id ?? "") : "");
  return (
    <>
      <Title>{words.receptionTitle}</Title>
      <div className="agenda-bar">
        <SelectField
          label={words.site}
          value={here}
          onChange={(event) => change({ site: event.target.value })}
        >
          <option value="">{words.chooseSite}</option>
          {active.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </SelectField>
      </div>
      {here ? <Board site={here} /> : <Empty>{words.chooseSite}</Empty>}
    </>
  );
}

function Board({ site }: { readonly site: string }) {
  const words = useWords(agendaWords);
  const agenda = useAgenda({ day: today(), site });
  const at = useNow(30_000);
  const say = useToast();
  const act = useAct((_, doing) =>
    say(words.said[doing.act as "arrive" | "miss" | "fulfil"](doing.visit.patient_name)),
  );
  const [opened, setOpened] = useState<string | null>(null);
  const shown = agenda.data?.visits.find((each) => each.id === opened);
  return (
    <>
      <RefusalStrip refusal={act.refusal} />
      <Read of={agenda} lines={10}>
        {(data) => {
          const board = boardOf(
            data.visits.filter((each) => !each.walk_in),
            at,
          );
          const column = (state: string, title: string, none: string, visits: readonly Visit[]) => (
            <Lane title={title} count={visits.length} none={none}>
              {visits.map((visit) => (
                <Card
                  key={visit.id}
                  visit={visit}
                  state={state}
                  at={at}
                  busy={act.pending}
                  onAct={(doing) => void act.run({ visit, act: doing })}
                  onMore={() => setOpened(visit.id)}
                />
              ))}
            </Lane>
          );
          return (
            <div className="agenda-board">
              {column("late", words.late, words.nobodyLate, board.late)}
              {column("expected", words.expected, words.nobodyExpected, board.expected)}
              {column("arrived", words.arrived, words.nobodyArrived, board.arrived)}
              {column("close", words.toClose, words.nothingToClose, board.toClose)}
              <WalkIns site={site} />
            </div>
          );
        }}
      </Read>
      {shown ? <VisitDialog visit={shown} onClose={() => setOpened(null)} /> : null}
    </>
  );
}

function Lane(props: {
  readonly title: string;
  readonly count: number;
  readonly none: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={props.title}>
      <h2>
        {props.title} <span className="muted">{props.count}</span>
      </h2>
      {props.count === 0 ? <p className="muted">{props.none}</p> : props.children}
    </section>
  );
}

interface CardProps {
  readonly visit: Visit;
  readonly state: string;
  readonly at: Date;
  readonly busy: boolean;
  readonly onAct: (act: PlainAct) => void;
  readonly onMore: () => void;
}

function Card({ visit, state, at, busy, onAct, onMore }: CardProps) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const { session, may } = useSession();
  const { practitionerName, reasonLabel } = useDirectory();
  const since = (from: string) => duration((at.getTime() - Date.parse(from)) / 1000);
  const care = ["front_desk", "practitioner", "nurse"].includes(session.context?.role ?? "");
  const missed = at.getTime() >= Date.parse(visit.start) + MISS_MS;
  const name = visit.patient_name;
  return (
    <article className="agenda-card" data-state={state}>
      <div className="row spread">
        <strong>
          {timeOfDay(visit.start, language)} {name}
        </strong>
        <span className="small muted">
          {state === "late" ? words.lateBy(since(visit.start)) : null}
          {state === "arrived" ? words.waitsSince(since(visit.changed_at)) : null}
        </span>
      </div>
      <span className="small muted">
        {practitionerName(visit.practitioner_id)}, {reasonLabel(visit.reason_id)}
      </span>
      <div className="row">
        {may("appointments:appointment.write") && visit.status === "booked" ? (
          <Button
            kind={state === "close" ? "plain" : "primary"}
            busy={busy}
            aria-label={words.markArrivedOf(name)}
            onClick={() => onAct("arrive")}
          >
            {words.markArrived}
          </Button>
        ) : null}
        {care && (visit.status === "arrived" || state === "close") ? (
          <Button busy={busy} aria-label={words.markFulfilledOf(name)} onClick={() => onAct("fulfil")}>
            {words.markFulfilled}
          </Button>
        ) : null}
        {care && visit.status === "booked" && missed ? (
          <Button busy={busy} aria-label={words.markMissedOf(name)} onClick={() => onAct("miss")}>
            {words.markMissed}
          </Button>
        ) : null}
        <Button kind="quiet" aria-label={words.more + words.forPatient(name)} onClick={onMore}>
          {words.more}
        </Button>
      </div>
    </article>
  );
}
