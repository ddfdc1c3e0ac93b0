import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../api/session";
import { Booking } from "../../booking";
import { Alerts, type Patient, PatientForm, usePatient } from "../../patients";
import { patientWords } from "../../patients/words";
import { Button } from "../../ui/button";
import { Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { aged, dateOnly } from "../../words/time";
import { Identity } from "./identity";
import { Merging } from "./merging";
import { Messages } from "./messages";
import { Relations } from "./relations";
import { Visits } from "./visits";
import { WaitingEntries } from "./waiting-entries";
import { areaWords } from "./words";

/** The file of one person: who she is, what is planned, what was, and what can be done now. */
export function File({ id }: { readonly id: string }) {
  const words = useWords(areaWords);
  const file = usePatient(id);
  return (
    <div className="patients-page stack">
      <div className="row spread">
        <Title>{words.fileTitle}</Title>
        <Link href="/patients">{words.toSearch}</Link>
      </div>
      <Read of={file}>{({ value, etag }) => <Sheet patient={value} etag={etag} />}</Read>
    </div>
  );
}

function Sheet({ patient, etag }: { readonly patient: Patient; readonly etag: string }) {
  const words = useWords(areaWords);
  const { may } = useSession();
  const say = useToast();
  const [act, setAct] = useState<"book" | "change" | null>(null);
  const close = () => setAct(null);
  // Whoever comes from the search or from a new file has no focus yet: the next act is to book.
  const acts = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!act && document.activeElement === document.body) acts.current?.querySelector("button")?.focus();
  }, [act]);
  return (
    <>
      <Head patient={patient} acts={acts}>
        {may("appointments:appointment.write") ? (
          <Button kind="primary" onClick={() => setAct("book")}>
            {words.book}
          </Button>
        ) : null}
        {may("appointments:patient.write") ? (
          <Button onClick={() => setAct("change")}>{words.change}</Button>
        ) : null}
      </Head>
      {act === "book" ? (
        <section className="panel" aria-label={words.book}>
          <Booking patientId={patient.id} onBooked={() => {}} onCancel={close} />
        </section>
      ) : null}
      {act === "change" ? (
        <section className="panel" aria-label={words.change}>
          <PatientForm
            patientId={patient.id}
            onCancel={close}
            onSaved={() => {
              say(words.saved);
              close();
            }}
          />
        </section>
      ) : null}
      <div className="patients-columns">
        <div className="stack">
          <Visits patientId={patient.id} />
          <WaitingEntries patientId={patient.id} />
          {may("appointments:message.read") ? <Messages patientId={patient.id} /> : null}
        </div>
        <div className="stack">
          <Identity patient={patient} />
          <Relations patient={patient} etag={etag} />
          {may("appointments:patient.merge") ? <Merging patientId={patient.id} /> : null}
        </div>
      </div>
    </>
  );
}

interface HeadProps {
  readonly patient: Patient;
  readonly acts: RefObject<HTMLDivElement | null>;
  readonly children: ReactNode;
}

function Head({ patient, acts, children }: HeadProps) {
  const words = useWords(patientWords);
  const { language } = useLanguage();
  return (
    <header className="panel patients-head">
      <div className="stack">
        <h2>{patient.display_name}</h2>
        <p>
          {words.born(dateOnly(patient.birth_date, language), patient.sex)},{" "}
          {aged(patient.birth_date, language)}
        </p>
        <Alerts patient={patient} />
      </div>
      <div className="row" ref={acts}>
        {children}
      </div>
    </header>
  );
}
