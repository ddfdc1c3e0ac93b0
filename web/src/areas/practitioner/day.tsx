import { ChevronLeft, ChevronRight, Printer } from "lucide-react";
import { Link } from "wouter";
import { Button } from "../../ui/button";
import { Badge, Empty, Read, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { addDays, longDay, timeOfDay, today } from "../../words/time";
import { Who } from "./message";
import { useDay, usePractitioners, useReasons, type Visit } from "./queries";
import { practitionerWords } from "./words";

const DAY = /^20\d\d-\d\d-\d\d$/;
const STATES = {
  pending: "warn",
  booked: "neutral",
  arrived: "info",
  fulfilled: "ok",
  cancelled: "unknown",
  noshow: "warn",
  "entered-in-error": "unknown",
} as const;

/** One's appointments of a day with who has arrived; printed, it is the day sheet. */
export function Day({ day: asked }: { readonly day: string | undefined }) {
  const words = useWords(practitionerWords);
  const { language } = useLanguage();
  const day = asked && DAY.test(asked) ? asked : today();
  const { query, mine } = usePractitioners();
  return (
    <>
      <Title>{words.dayTitle}</Title>
      <div className="row spread">
        <h2>{longDay(day, language)}</h2>
        <div className="row practitioner-noprint">
          <Link
            href={`/practitioner/day/${addDays(day, -1)}`}
            className="button"
            aria-label={words.previousDay}
          >
            <ChevronLeft size={20} aria-hidden="true" />
          </Link>
          {day === today() ? null : (
            <Link href="/practitioner/day" className="button">
              {words.today}
            </Link>
          )}
          <Link href={`/practitioner/day/${addDays(day, 1)}`} className="button" aria-label={words.nextDay}>
            <ChevronRight size={20} aria-hidden="true" />
          </Link>
          <Button onClick={() => window.print()}>
            <Printer size={16} aria-hidden="true" />
            {words.print}
          </Button>
        </div>
      </div>
      <Read of={query}>
        {() =>
          mine ? (
            <Visits practitionerId={mine.id} name={mine.display_name} day={day} />
          ) : (
            <Strip state="info">{words.notPractitioner}</Strip>
          )
        }
      </Read>
    </>
  );
}

function Visits({
  practitionerId,
  name,
  day,
}: {
  readonly practitionerId: string;
  readonly name: string;
  readonly day: string;
}) {
  const words = useWords(practitionerWords);
  const visits = useDay(practitionerId, day);
  return (
    <Read of={visits} lines={8}>
      {(items) => {
        const inRoom = items.filter((each) => each.status === "arrived").length;
        return items.length === 0 ? (
          <Empty
            acts={
              <Link href="/agenda" className="button">
                {words.openAgenda}
              </Link>
            }
          >
            {words.noVisit}
          </Empty>
        ) : (
          <>
            <p className="row">
              <strong>{name}</strong>
              <span className="muted">{words.visits(items.length)}</span>
              {inRoom ? <Badge state="info">{words.inRoom(inRoom)}</Badge> : null}
            </p>
            <ol className="practitioner-visits">
              {items.map((each) => (
                <VisitLine key={each.id} visit={each} />
              ))}
            </ol>
          </>
        );
      }}
    </Read>
  );
}

function VisitLine({ visit }: { readonly visit: Visit }) {
  const words = useWords(practitionerWords);
  const { language } = useLanguage();
  const reasons = useReasons();
  const reason = reasons.data?.find((each) => each.id === visit.reason_id);
  return (
    <li data-state={visit.status}>
      <span className="practitioner-time">{timeOfDay(visit.start, language)}</span>
      <span className="stack practitioner-tight">
        <Who patientId={visit.patient_id} />
        <span className="muted small">
          {reason ? ("label" in reason ? reason.label : reason.public_label) : "…"}
          {visit.mode === "on_site" ? null : ` · ${words.modes[visit.mode]}`}
          {visit.visit_address ? ` · ${visit.visit_address.line}, ${visit.visit_address.city}` : null}
        </span>
        {visit.note ? <span className="small practitioner-note">{visit.note}</span> : null}
      </span>
      <span className="row practitioner-state">
        {visit.overbooked ? <Badge state="warn">{words.overbooked}</Badge> : null}
        <Badge state={STATES[visit.status]}>{words.states[visit.status]}</Badge>
      </span>
    </li>
  );
}
