import { useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { useCompartments, useStanding } from "../../cooperation/moves";
import { useNames } from "../../cooperation/names";
import { useLive } from "../../live/live";
import { Button } from "../../ui/button";
import { Badge, Read, RefusalStrip, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { timeOfDay } from "../../words/time";
import { Load, Unload } from "./aboard";
import { useSeen } from "./day";
import type { Due, Tour } from "./expected";
import { type Outbox, useOutbox } from "./outbox";
import { PaceBadge } from "./pace";
import { useTour } from "./queries";
import { Current } from "./stop";
import { Compartments } from "./vehicles";
import { transportWords } from "./words";

/** One tour in a driver's hand: what is done now, then what comes. */
export function Drive({ id }: { readonly id: string }) {
  const words = useWords(transportWords);
  const tour = useTour(id);
  const outbox = useOutbox();
  return (
    <div className="stack transport transport-drive">
      <Link href="/transport">{words.back}</Link>
      <Read of={tour} lines={8}>
        {(read) => <Opened tour={settledHere(read, outbox)} outbox={outbox} />}
      </Read>
    </div>
  );
}

/** Stops whose end is kept on this device and not yet at the server are over for who drives. */
function settledHere(tour: Tour, { acts }: Outbox): Tour {
  const over = new Map(
    acts
      .filter(({ doing, refused }) => !refused && (doing.kind === "serve" || doing.kind === "fail"))
      .map((act) => [act.stop, act]),
  );
  const stops = tour.stops.map((stop) => {
    const act = over.get(stop.id);
    if (!act || stop.state !== "expected") return stop;
    const state = act.doing.kind === "fail" ? ("failed" as const) : ("served" as const);
    return { ...stop, state, settled_at: act.at };
  });
  return { ...tour, stops };
}

function Opened({ tour, outbox }: { readonly tour: Tour; readonly outbox: Outbox }) {
  const words = useWords(transportWords);
  const { language } = useLanguage();
  const [seen] = useSeen([tour]);
  const due = seen?.due ?? [];
  const next = due.find(({ stop }) => stop.state === "expected");
  const under = tour.state === "under_way";
  const others = due.filter(({ stop }) => stop.state === "expected" && !(under && stop === next?.stop));
  const past = due.filter(({ stop }) => stop.state !== "expected");
  return (
    <>
      <div className="row spread">
        <Title>{words.tourOf(seen?.vehicle ?? "", timeOfDay(tour.leaves_at, language))}</Title>
        <Badge state={tour.state === "done" ? "ok" : under ? "info" : "neutral"}>
          {words.state[tour.state]}
        </Badge>
      </div>
      <Waiting outbox={outbox} />
      {tour.state === "planned" || tour.state === "loading" ? <Before tour={tour} /> : null}
      {under && next ? <Current key={next.stop.id} due={next} tour={tour} outbox={outbox} /> : null}
      {under && !next ? <Back tour={tour} outbox={outbox} /> : null}
      <Stops title={words.later} due={others} outbox={outbox} />
      <Stops title={words.past} due={past} outbox={outbox} />
      <Compartments vehicle={tour.vehicle_id} />
    </>
  );
}

/** What is kept on this device: how much, and what the server has refused, with why. */
function Waiting({ outbox }: { readonly outbox: Outbox }) {
  const words = useWords(transportWords);
  const { connection } = useLive();
  const waiting = outbox.acts.filter((act) => !act.refused).length;
  const refused = outbox.acts.filter((act) => act.refused);
  return (
    <>
      {waiting > 0 && !outbox.busy ? (
        <Strip state="warn" role="status">
          {words.waiting(waiting)} {words.offline}
        </Strip>
      ) : connection === "offline" ? (
        <Strip state="warn" role="status">
          {words.offline}
        </Strip>
      ) : null}
      {refused.map((act) => (
        <Strip
          key={act.key}
          state="danger"
          role="alert"
          acts={
            <Button className="transport-target" onClick={() => void outbox.settle(act.key)}>
              {words.seen}
            </Button>
          }
        >
          <strong>{words.refusedAct[act.doing.kind]}. </strong>
          {act.refused}
        </Strip>
      ))}
    </>
  );
}

function useStep(tour: Tour, said: string) {
  const say = useToast();
  const client = useQueryClient();
  return useCommand(
    (step: "start" | "finish", key) => {
      const params = { path: { tour_id: tour.id } };
      const headers = { "Idempotency-Key": key };
      return body(
        step === "start"
          ? api.POST("/api/cooperation/v1/tours/{tour_id}/start", { params, headers })
          : api.POST("/api/cooperation/v1/tours/{tour_id}/finish", { params, headers }),
      );
    },
    () => {
      say(said);
      void client.invalidateQueries({ queryKey: ["cooperation", "moves"] });
    },
  );
}

/** Before it leaves: what is loaded, then the departure; who says so drives. */
function Before({ tour }: { readonly tour: Tour }) {
  const words = useWords(transportWords);
  const step = useStep(tour, words.left);
  return (
    <>
      <Load tour={tour} />
      <RefusalStrip refusal={step.refusal} />
      <Button
        kind="primary"
        className="transport-big"
        busy={step.pending}
        onClick={() => void step.run("start")}
      >
        {words.leave}
      </Button>
    </>
  );
}

/** After the last stop: the vehicle is emptied at the plant, and the tour ends. */
function Back({ tour, outbox }: { readonly tour: Tour; readonly outbox: Outbox }) {
  const words = useWords(transportWords);
  const step = useStep(tour, words.finished);
  const { data: compartments = [] } = useCompartments();
  const own = compartments.filter((each) => each.vehicle_id === tour.vehicle_id).map((each) => each.id);
  const standing = useStanding(own);
  const aboard = own.reduce((all, each) => all + (standing.data?.[each]?.length ?? 0), 0);
  const unsent = outbox.acts.filter((act) => !act.refused).length;
  return (
    <>
      <Unload tour={tour} />
      <RefusalStrip refusal={step.refusal} />
      <Button
        kind={aboard ? "plain" : "primary"}
        className="transport-big"
        busy={step.pending}
        blocked={aboard > 0 ? words.emptyVehicle : unsent > 0 ? words.waiting(unsent) : undefined}
        onClick={() => void step.run("finish")}
      >
        {words.finish}
      </Button>
    </>
  );
}

function Stops({ title, due, outbox }: { title: string; due: readonly Due[]; outbox: Outbox }) {
  const words = useWords(transportWords);
  const names = useNames();
  const { language } = useLanguage();
  if (due.length === 0) return null;
  return (
    <section className="stack">
      <h2>{title}</h2>
      <ol className="transport-stops">
        {due.map((each) => (
          <li key={each.stop.id}>
            <strong>{names.site(each.stop.site_id)}</strong>
            <span>
              {words.promised} {timeOfDay(each.stop.promised_at, language)}
            </span>
            <span>
              {each.at
                ? `${each.stop.settled_at ? words.doneAt : words.expectedAt} ${timeOfDay(each.at, language)}`
                : null}
            </span>
            {outbox.acts.some((act) => act.stop === each.stop.id) ? (
              <Badge state="warn">{words.kept}</Badge>
            ) : (
              <PaceBadge due={each} />
            )}
            {each.stop.reason ? <span className="small transport-reason">{each.stop.reason}</span> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
