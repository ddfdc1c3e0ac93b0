import { useState } from "react";
import { AppointmentActs, AppointmentLine } from "../../booking";
import { type Appointment, usePatientAppointments } from "../../patients";
import { Button } from "../../ui/button";
import { Read } from "../../ui/state";
import { useNow } from "../../ui/timer";
import { useWords } from "../../words/language";
import { areaWords } from "./words";

const FIRST = 5;

/** What is to come with its acts, then what was, newest first. */
export function Visits({ patientId }: { readonly patientId: string }) {
  const words = useWords(areaWords);
  const visits = usePatientAppointments(patientId);
  const now = useNow(60_000);
  const [all, setAll] = useState(false);
  const coming = (each: Appointment) =>
    ["pending", "booked", "arrived"].includes(each.status) && new Date(each.end) > now;
  return (
    <section className="panel stack" aria-label={words.next}>
      <h2>{words.next}</h2>
      <Read of={visits}>
        {(read) => {
          const next = read.filter(coming);
          const past = read.filter((each) => !coming(each)).toReversed();
          return (
            <>
              {next.length ? (
                <ul className="patients-list">
                  {next.map((each) => (
                    <li key={each.id} className="stack">
                      <AppointmentLine appointment={each} />
                      <AppointmentActs appointment={each} onChanged={() => void visits.refetch()} />
                    </li>
                  ))}
                </ul>
              ) : (
                <p className="muted">{words.noNext}</p>
              )}
              <h2>{words.past}</h2>
              {past.length ? (
                <ul className="patients-list">
                  {past.slice(0, all ? past.length : FIRST).map((each) => (
                    <li key={each.id}>
                      <details>
                        <summary>
                          <AppointmentLine appointment={each} />
                        </summary>
                        <AppointmentActs appointment={each} onChanged={() => void visits.refetch()} />
                      </details>
                    </li>
                  ))}
                </ul>
              ) : (
                <p className="muted">{words.noPast}</p>
              )}
              {past.length > FIRST && !all ? (
                <Button onClick={() => setAll(true)}>{words.morePast}</Button>
              ) : null}
            </>
          );
        }}
      </Read>
    </section>
  );
}
