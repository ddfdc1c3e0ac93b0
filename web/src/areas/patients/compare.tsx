import { type FormEvent, useState } from "react";
import { Link, useLocation } from "wouter";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { IdentityBadge, type Patient, phoneText, usePatient, usePatientAppointments } from "../../patients";
import { patientWords } from "../../patients/words";
import { Button } from "../../ui/button";
import { faultAt, TextField } from "../../ui/field";
import { Read, RefusalStrip } from "../../ui/state";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { areaWords } from "./words";

interface Props {
  readonly firstId: string;
  readonly secondId: string;
}

/** Two files side by side: one goes into the other, or they are declared two people. */
export function Compare({ firstId, secondId }: Props) {
  const words = useWords(areaWords);
  const first = usePatient(firstId);
  const second = usePatient(secondId);
  return (
    <div className="patients-page stack">
      <div className="row spread">
        <Title>{words.mergeTitle}</Title>
        <Link href="/patients/duplicates">{words.duplicates}</Link>
      </div>
      <Read of={first}>
        {(one) => <Read of={second}>{(other) => <Deciding first={one.value} second={other.value} />}</Read>}
      </Read>
    </div>
  );
}

function Deciding({ first, second }: { readonly first: Patient; readonly second: Patient }) {
  const words = useWords(areaWords);
  const say = useToast();
  const [, go] = useLocation();
  const [into, setInto] = useState(better(first, second));
  const [why, setWhy] = useState("");
  const from = into === first.id ? second.id : first.id;
  const merge = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/merges", {
          body: { from_id: from, into_id: into, reason: why.trim() },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (made) => {
      say(words.mergeDone);
      go(`/patients/${made.into_id}`);
    },
  );
  const different = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/duplicates/not-same", {
          body: { first_id: first.id, second_id: second.id },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.notSameDone);
      go("/patients/duplicates");
    },
  );
  return (
    <form
      className="stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void merge.run(null);
      }}
    >
      <p>{words.sideBySide}</p>
      <div className="patients-sides">
        {[first, second].map((each) => (
          <Side
            key={each.id}
            patient={each}
            other={each === first ? second : first}
            kept={into === each.id}
            onKeep={() => setInto(each.id)}
          />
        ))}
      </div>
      <p className="muted">{words.mergeExplained}</p>
      <TextField
        label={words.mergeWhy}
        required
        autoComplete="off"
        maxLength={280}
        value={why}
        fault={faultAt(merge.refusal, "/reason")}
        onChange={(event) => setWhy(event.target.value)}
      />
      <RefusalStrip refusal={merge.refusal ?? different.refusal} />
      <div className="row">
        <Button kind="primary" type="submit" busy={merge.pending}>
          {words.mergeAct}
        </Button>
        <Button busy={different.pending} onClick={() => void different.run(null)}>
          {words.notSame}
        </Button>
      </div>
    </form>
  );
}

const CHECKED = { PROV: 0, RECUP: 1, VALI: 1, QUAL: 2 } as const;

/** The better checked file stays; of two alike, the one known for longer. */
function better(first: Patient, second: Patient): string {
  const [one, other] = [CHECKED[first.identity_status], CHECKED[second.identity_status]];
  if (one !== other) return one > other ? first.id : second.id;
  return (second.first_seen_at ?? "9") < (first.first_seen_at ?? "9") ? second.id : first.id;
}

interface SideProps {
  readonly patient: Patient;
  readonly other: Patient;
  readonly kept: boolean;
  readonly onKeep: () => void;
}

/** One of the two; what differs is marked by more than its colour. */
function Side({ patient, other, kept, onKeep }: SideProps) {
  const words = useWords(areaWords);
  const own = useWords(patientWords);
  const { language } = useLanguage();
  const visits = usePatientAppointments(patient.id);
  const facts = (of: Patient): readonly (readonly [string, string])[] => [
    [words.birthName, of.birth_family_name],
    [words.givenNames, of.birth_given_names],
    [words.usedName, of.used_family_name ?? ""],
    [words.birthDate, dateOnly(of.birth_date, language)],
    [words.sex, of.sex ? own.sexes[of.sex] : ""],
    [words.contacts, of.contacts.map((each) => phoneText(each.value)).join(", ")],
  ];
  const theirs = new Map(facts(other));
  return (
    <section className="panel stack" data-kept={kept || undefined} aria-label={patient.display_name}>
      <label className="check">
        <input type="radio" name="kept" checked={kept} onChange={onKeep} />
        <strong>{words.keepThis}</strong>
      </label>
      <div className="row">
        <h2>{patient.display_name}</h2>
        <IdentityBadge status={patient.identity_status} />
      </div>
      <dl className="patients-facts">
        {facts(patient).map(([name, value]) => (
          <div key={name} data-differs={theirs.get(name) !== value || undefined}>
            <dt>{name}</dt>
            <dd>{value || words.none}</dd>
          </div>
        ))}
        <div>
          <dt>{words.appointments}</dt>
          <dd>{visits.data?.length ?? ""}</dd>
        </div>
      </dl>
    </section>
  );
}
