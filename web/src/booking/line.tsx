import { Badge, type State } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import type { Appointment } from "./acting";
import { useDirectory } from "./directory";
import { slotText } from "./times";
import { bookingWords } from "./words";
import "./booking.css";

const STATES: Readonly<Record<Appointment["status"], State>> = {
  pending: "warn",
  booked: "neutral",
  arrived: "info",
  fulfilled: "ok",
  cancelled: "unknown",
  noshow: "danger",
  "entered-in-error": "unknown",
};

/** Where an appointment stands: word, shape and colour. */
export function StatusBadge({ status }: { readonly status: Appointment["status"] }) {
  const words = useWords(bookingWords);
  return <Badge state={STATES[status]}>{words.statuses[status]}</Badge>;
}

/** One appointment in a list: when, what, with whom, where, how it stands, and what is unusual about it. */
export function AppointmentLine({ appointment }: { readonly appointment: Appointment }) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const { siteName, practitionerName, reasonLabel } = useDirectory();
  const what = [
    reasonLabel(appointment.reason_id),
    practitionerName(appointment.practitioner_id),
    siteName(appointment.site_id),
    appointment.mode === "on_site" ? "" : words.modes[appointment.mode],
  ];
  return (
    <div className="booking-line">
      <strong className="when">{slotText(appointment, language)}</strong>
      <span>{what.filter(Boolean).join(", ")}</span>
      <span className="row">
        <StatusBadge status={appointment.status} />
        {appointment.conflict ? <Badge state="danger">{words.conflict}</Badge> : null}
        {appointment.overbooked ? <Badge state="warn">{words.overbooked}</Badge> : null}
        {appointment.walk_in ? <Badge>{words.walkIn}</Badge> : null}
        {appointment.by_phone ? <Badge>{words.byPhone}</Badge> : null}
        {appointment.series_id ? <Badge>{words.series}</Badge> : null}
        {appointment.late ? <Badge state="warn">{words.late}</Badge> : null}
        {appointment.excused ? <Badge>{words.excused}</Badge> : null}
      </span>
      {appointment.note ? <span className="muted">{appointment.note}</span> : null}
    </div>
  );
}
