import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../api/session";
import { useCompartments, useVehicles } from "../../cooperation/moves";
import { useNames, useSites } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Badge, Empty, Read } from "../../ui/state";
import { useNow } from "../../ui/timer";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { addDays, longDay, timeOfDay, today } from "../../words/time";
import { Bars } from "./bars";
import { type Due, expected, paceOf, type Tour } from "./expected";
import { NewTour } from "./new-tour";
import { PaceBadge } from "./pace";
import { useLinks, useTours } from "./queries";
import { Unserved } from "./unserved";
import { Vehicles } from "./vehicles";
import { transportWords } from "./words";

export interface Seen {
  readonly tour: Tour;
  readonly vehicle: string;
  readonly due: readonly Due[];
}

/** What each tour of a day has promised, and when it will be there. */
export function Day() {
  const words = useWords(transportWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const [day, setDay] = useState(today);
  const [making, make] = useState(false);
  const tours = useTours(day);
  const seen = useSeen(tours.data ?? []);
  const plans = may("cooperation:transport.act");
  const prepare = plans ? (
    <Button kind="primary" onClick={() => make(true)}>
      {words.newTour}
    </Button>
  ) : null;
  return (
    <div className="stack transport">
      <div className="row spread">
        <Title>{words.title}</Title>
        {seen.length > 0 ? prepare : null}
      </div>
      <div className="row">
        <Button aria-label={words.before} onClick={() => setDay(addDays(day, -1))}>
          <ChevronLeft size={20} aria-hidden="true" />
        </Button>
        <label className="transport-day">
          <span className="visually-hidden">{words.day}</span>
          <input
            type="date"
            value={day}
            onChange={(event) => event.target.value && setDay(event.target.value)}
          />
        </label>
        <Button aria-label={words.after} onClick={() => setDay(addDays(day, 1))}>
          <ChevronRight size={20} aria-hidden="true" />
        </Button>
        <strong>{longDay(day, language)}</strong>
      </div>
      <Read of={tours} lines={6}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty acts={prepare}>{day === today() ? words.noTour : words.noTourThen}</Empty>
          ) : (
            <>
              <Bars seen={seen} />
              <ul className="transport-tours">
                {seen.map((each) => (
                  <Card key={each.tour.id} seen={each} />
                ))}
              </ul>
            </>
          )
        }
      </Read>
      {tours.data ? <Unserved tours={tours.data} today={day === today()} /> : null}
      <Vehicles />
      {making ? <NewTour day={day} onClose={() => make(false)} /> : null}
    </div>
  );
}

/** Tours with the name of their vehicle, and when it will be at each stop. */
function useSeen(tours: readonly Tour[]): readonly Seen[] {
  const words = useWords(transportWords);
  const at = useNow(30_000);
  const { data: links = [] } = useLinks();
  const { data: vehicles = [] } = useVehicles();
  const { data: sites = [] } = useSites();
  return tours.map((tour) => {
    const vehicle = vehicles.find((each) => each.id === tour.vehicle_id);
    const home = sites.find((site) => site.organisation_id === vehicle?.organisation_id)?.id ?? "";
    return { tour, vehicle: vehicle?.name ?? words.otherVehicle, due: expected(tour, links, home, at) };
  });
}

export { useSeen };

function Card({ seen: { tour, vehicle, due } }: { readonly seen: Seen }) {
  const words = useWords(transportWords);
  const names = useNames();
  const { language } = useLanguage();
  const { data: compartments = [] } = useCompartments();
  const time = timeOfDay(tour.leaves_at, language);
  const soiled = compartments.some((each) => each.vehicle_id === tour.vehicle_id && each.cleaning_due);
  const settled = tour.stops.filter((stop) => stop.state !== "expected").length;
  return (
    <li className="panel stack">
      <div className="row spread">
        <h2>{words.tourOf(vehicle, time)}</h2>
        <Badge state={tour.state === "done" ? "ok" : tour.state === "under_way" ? "info" : "neutral"}>
          {words.state[tour.state]}
        </Badge>
      </div>
      <p className="row muted">
        {words.stops(settled, tour.stops.length)}
        {soiled ? <Badge state="warn">{words.toDisinfect}</Badge> : null}
      </p>
      <ol className="transport-stops">
        {due.map((each) => (
          <li key={each.stop.id} data-pace={paceOf(each)}>
            <strong>{names.site(each.stop.site_id)}</strong>
            <span>
              {words.promised} {timeOfDay(each.stop.promised_at, language)}
            </span>
            <span>
              {each.at
                ? `${each.stop.settled_at ? words.doneAt : words.expectedAt} ${timeOfDay(each.at, language)}`
                : null}
            </span>
            <PaceBadge due={each} />
            {each.stop.reason ? <span className="small transport-reason">{each.stop.reason}</span> : null}
          </li>
        ))}
      </ol>
      <Link
        href={`/transport/${tour.id}`}
        className="button transport-open"
        aria-label={words.openTour(vehicle, time)}
      >
        {words.drive}
      </Link>
    </li>
  );
}
