import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, type Schema, type Tagged, withTag } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { type Patient, PatientSearch, patientKey } from "../../patients";
import { keepPatient } from "../../patients/queries";
import { Button } from "../../ui/button";
import { Check, SelectField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { age } from "../../words/time";
import { areaWords } from "./words";

type Relation = Schema<"appointments.RelationOut">;
type Kind = Relation["kind"];
const KINDS: readonly Kind[] = ["parent", "guardian", "carer", "spouse"];

/** Who may book for this person and who receives her messages; a child without anybody is said. */
export function Relations({ patient, etag }: { readonly patient: Patient; readonly etag: string }) {
  const words = useWords(areaWords);
  const { may } = useSession();
  const client = useQueryClient();
  const say = useToast();
  const [adding, setAdding] = useState(false);
  const [kind, setKind] = useState<Kind>("parent");
  const save = useCommand(
    (relations: readonly Schema<"appointments.RelationIn">[], key: string) =>
      withTag(
        api.PUT("/api/appointments/v1/patients/{patient_id}/relations", {
          params: { path: { patient_id: patient.id } },
          body: { relations: [...relations] },
          headers: { "If-Match": etag, "Idempotency-Key": key },
        }),
      ),
    (saved: Tagged<Patient>) => {
      keepPatient(client, saved);
      void client.invalidateQueries({ queryKey: patientKey(patient.id) });
      setAdding(false);
      say(words.relationsSaved);
    },
  );
  const kept = patient.relations.map(({ display_name: _, ...each }) => each);
  const change = (id: string, changed: Partial<Schema<"appointments.RelationIn">>) =>
    void save.run(kept.map((each) => (each.other_patient_id === id ? { ...each, ...changed } : each)));
  const write = may("appointments:patient.write");
  const alone = age(patient.birth_date) < 18 && patient.relations.length === 0;
  return (
    <section className="panel stack" aria-label={words.relations}>
      <h2>{words.relations}</h2>
      {alone ? <Strip state="warn">{words.minorAlone}</Strip> : null}
      {patient.relations.length ? (
        <ul className="patients-list">
          {patient.relations.map((each) => (
            <li key={each.other_patient_id} className="stack">
              <div className="row spread">
                <span>
                  <Link href={`/patients/${each.other_patient_id}`}>{each.display_name}</Link>{" "}
                  <span className="muted">({words.relationKinds[each.kind]})</span>
                </span>
                {write ? (
                  <Button
                    kind="quiet"
                    onClick={() =>
                      void save.run(kept.filter((other) => other.other_patient_id !== each.other_patient_id))
                    }
                  >
                    {words.removeRelation(each.display_name)}
                  </Button>
                ) : null}
              </div>
              <div className="row">
                <Check
                  label={words.mayBook}
                  checked={each.may_book !== false}
                  disabled={!write}
                  onChange={(event) => change(each.other_patient_id, { may_book: event.target.checked })}
                />
                <Check
                  label={words.mayReceive}
                  checked={each.may_receive !== false}
                  disabled={!write}
                  onChange={(event) => change(each.other_patient_id, { may_receive: event.target.checked })}
                />
              </div>
            </li>
          ))}
        </ul>
      ) : alone ? null : (
        <p className="muted">{words.noRelation}</p>
      )}
      <RefusalStrip refusal={save.refusal} />
      {write && adding ? (
        <div className="stack">
          <SelectField
            label={words.relationKind}
            value={kind}
            onChange={(event) => setKind(event.target.value as Kind)}
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {words.relationKinds[each]}
              </option>
            ))}
          </SelectField>
          <PatientSearch
            autoFocus
            onChoose={(person) =>
              void save.run([
                ...kept.filter((each) => each.other_patient_id !== person.id),
                { other_patient_id: person.id, kind, may_book: true, may_receive: true },
              ])
            }
          />
          <div className="row">
            <Button onClick={() => setAdding(false)}>{words.cancel}</Button>
          </div>
        </div>
      ) : write ? (
        <div className="row">
          <Button onClick={() => setAdding(true)}>{words.addRelation}</Button>
        </div>
      ) : null}
    </section>
  );
}
