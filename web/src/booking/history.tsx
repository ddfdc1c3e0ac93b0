import { api, body, type Schema } from "../api/client";
import { useLiveQuery } from "../live/live";
import { Dialog } from "../ui/dialog";
import { Read } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { dayAndTime } from "../words/time";
import type { Appointment } from "./acting";
import { useDirectory } from "./directory";
import { bookingWords } from "./words";

interface Props {
  readonly appointment: Appointment;
  readonly onClose: () => void;
}

/** All that happened to an appointment, oldest first: what, when, in which role, why. */
export function History({ appointment, onClose }: Props) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const { practitionerName } = useDirectory();
  const history = useLiveQuery<Schema<"appointments.HistoryOut">>({
    queryKey: ["appointments", "appointments", appointment.id, "history"],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/appointments/v1/appointments/{appointment_id}/history", {
          params: { path: { appointment_id: appointment.id } },
          signal,
        }),
      ),
    topics: ["appointments.appointment_*"],
    about: appointment.id,
  });
  return (
    <Dialog title={words.historyTitle} onClose={onClose}>
      <Read of={history}>
        {({ items }) => (
          <ol className="booking-history">
            {items.map((each) => (
              <li key={each.version}>
                <strong>{words.events[each.event] ?? words.statuses[each.status]}</strong>
                <span className="muted">
                  {dayAndTime(each.at, language)},{" "}
                  {words.roles[each.role ?? ""] ?? each.role ?? words.nobodySaid}
                </span>
                <span>
                  {dayAndTime(each.start, language)}, {practitionerName(each.practitioner_id)}
                </span>
                {each.reason ? <span>{each.reason}</span> : null}
              </li>
            ))}
          </ol>
        )}
      </Read>
    </Dialog>
  );
}
