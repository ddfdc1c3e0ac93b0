import { Languages, PersonStanding, TriangleAlert } from "lucide-react";
import { Link } from "wouter";
import { useDirectory } from "../booking/directory";
import { Badge, Read } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { age, aged, dateOnly, dayAndTime, now } from "../words/time";
import { IdentityBadge } from "./person";
import { type Patient, usePatient, usePatientAppointments } from "./queries";
import { patientWords } from "./words";
import "./patients.css";

/** Who it is, in short: identity, age, what to mind, the next visits. */
export function PatientCard({
  patientId,
  link = true,
}: {
  readonly patientId: string;
  readonly link?: boolean;
}) {
  const words = useWords(patientWords);
  const { language } = useLanguage();
  const file = usePatient(patientId);
  return (
    <Read of={file} lines={3}>
      {({ value }) => (
        <section className="patients-card" aria-label={value.display_name}>
          <div className="row spread">
            <span className="name">{value.display_name}</span>
            {link ? <Link href={`/patients/${patientId}`}>{words.openFile}</Link> : null}
          </div>
          <p>
            {words.born(dateOnly(value.birth_date, language), value.sex)}, {aged(value.birth_date, language)}
          </p>
          <Alerts patient={value} />
          <NextVisits patientId={patientId} />
        </section>
      )}
    </Read>
  );
}

/** Everything about somebody that changes what one does, word and shape. */
export function Alerts({ patient }: { readonly patient: Patient }) {
  const words = useWords(patientWords);
  const { language } = useLanguage();
  const has = (flag: Patient["flags"][number]) => patient.flags.includes(flag);
  const blocked = patient.online_blocked_until;
  return (
    <div className="row">
      <IdentityBadge status={patient.identity_status} />
      {age(patient.birth_date) < 18 ? <Badge state="info">{words.minor}</Badge> : null}
      {has("doubtful") ? <Badge state="warn">{words.flags.doubtful}</Badge> : null}
      {has("namesake") ? <Badge state="warn">{words.flags.namesake}</Badge> : null}
      {has("interpreter") ? (
        <Badge>
          <Languages size={14} aria-hidden="true" /> {words.flags.interpreter}
        </Badge>
      ) : null}
      {has("mobility") ? (
        <Badge>
          <PersonStanding size={14} aria-hidden="true" /> {words.flags.mobility}
        </Badge>
      ) : null}
      {blocked && new Date(blocked) > now() ? (
        <Badge>
          <TriangleAlert size={14} aria-hidden="true" /> {words.unblockedOn(dateOnly(blocked, language))}
        </Badge>
      ) : null}
    </div>
  );
}

function NextVisits({ patientId }: { readonly patientId: string }) {
  const words = useWords(patientWords);
  const { language } = useLanguage();
  const { siteName, practitionerName, reasonLabel } = useDirectory();
  const visits = usePatientAppointments(patientId);
  return (
    <Read of={visits} lines={2}>
      {(all) => {
        const next = all.filter((each) => isComing(each.status) && new Date(each.end) > now()).slice(0, 3);
        if (!next.length) return <p className="muted">{words.noNextVisit}</p>;
        return (
          <ul className="patients-visits" aria-label={words.nextVisits}>
            {next.map((each) => (
              <li key={each.id}>
                <strong>{dayAndTime(each.start, language)}</strong>
                <span className="muted">
                  {" "}
                  {[
                    reasonLabel(each.reason_id),
                    practitionerName(each.practitioner_id),
                    siteName(each.site_id),
                  ]
                    .filter(Boolean)
                    .join(", ")}
                </span>
              </li>
            ))}
          </ul>
        );
      }}
    </Read>
  );
}

const isComing = (status: string) => status === "booked" || status === "pending" || status === "arrived";
