import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useLiveQuery } from "../../live/live";
import { type Patient, patientKey, phoneText } from "../../patients";
import { patientWords } from "../../patients/words";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/field";
import { Read, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, dayAndTime } from "../../words/time";
import { areaWords } from "./words";

type Sheet = Schema<"appointments.IdentitySheet">;
const PATH = "/api/appointments/v1/patients/{patient_id}/identity";

/** Names as they are on the document, contacts, and how sure they are. */
export function Identity({ patient }: { readonly patient: Patient }) {
  const words = useWords(areaWords);
  const own = useWords(patientWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const rows: readonly (readonly [string, string])[] = [
    [words.birthName, patient.birth_family_name],
    [words.givenNames, patient.birth_given_names],
    [words.usedName, patient.used_family_name ?? ""],
    [words.usedGivenName, patient.used_given_name ?? ""],
    [words.birthDate, dateOnly(patient.birth_date, language)],
    [words.sex, patient.sex ? own.sexes[patient.sex] : ""],
    [words.firstSeen, patient.first_seen_at ? dateOnly(patient.first_seen_at, language) : words.neverSeen],
  ];
  return (
    <section className="panel stack" aria-label={words.identity}>
      <h2>{words.identity}</h2>
      <dl className="patients-facts">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        <div>
          <dt>{words.contacts}</dt>
          <dd>
            {patient.contacts.length ? (
              <ul>
                {patient.contacts.map((each) => (
                  <li key={each.kind + each.value}>
                    {phoneText(each.value)}
                    {each.verified_at ? <span className="muted small"> ({words.verified})</span> : null}
                  </li>
                ))}
              </ul>
            ) : (
              words.noContact
            )}
          </dd>
        </div>
      </dl>
      {may("appointments:identity.write") ? (
        <Checks patientId={patient.id} version={patient.version} />
      ) : null}
    </section>
  );
}

/** Documents seen, the INS asked for, doubts: who checked what and when; only the checks that may follow are offered. */
function Checks({ patientId, version }: { readonly patientId: string; readonly version: number }) {
  const words = useWords(areaWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const [kind, setKind] = useState("identity_card");
  const sheet = useLiveQuery<Sheet>({
    queryKey: ["appointments", "identity", patientId, version],
    queryFn: ({ signal }) => body(api.GET(PATH, { params: { path: { patient_id: patientId } }, signal })),
    topics: ["appointments.patient_*"],
    about: patientId,
  });
  const check = useCommand(
    (sent: Schema<"appointments.CheckIn">, key: string) =>
      body(
        api.POST(PATH, {
          params: { path: { patient_id: patientId } },
          body: sent,
          headers: { "If-Match": `"${version}"`, "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.identityChanged);
      void client.invalidateQueries({ queryKey: patientKey(patientId) });
      void sheet.refetch();
    },
  );
  return (
    <Read of={sheet}>
      {(read) => (
        <>
          {read.ins ? (
            <p>
              {words.ins} <span className="mono">{read.ins}</span>
            </p>
          ) : null}
          {read.allowed.includes("document") ? (
            <form
              className="row patients-check"
              onSubmit={(event: FormEvent) => {
                event.preventDefault();
                void check.run({
                  act: "document",
                  document: kind as NonNullable<Schema<"appointments.CheckIn">["document"]>,
                });
              }}
            >
              <SelectField
                label={words.documentKind}
                value={kind}
                onChange={(event) => setKind(event.target.value)}
              >
                {read.documents.map((each) => (
                  <option key={each} value={each}>
                    {words.documents[each]}
                  </option>
                ))}
              </SelectField>
              <Button type="submit" busy={check.pending}>
                {words.noteDocument}
              </Button>
            </form>
          ) : null}
          <div className="row">
            {read.allowed.includes("ins") ? (
              <Button busy={check.pending} onClick={() => void check.run({ act: "ins" })}>
                {words.askIns}
              </Button>
            ) : null}
            {read.allowed.includes("doubt") ? (
              <Button kind="quiet" busy={check.pending} onClick={() => void check.run({ act: "doubt" })}>
                {words.doubt}
              </Button>
            ) : null}
          </div>
          <RefusalStrip refusal={check.refusal} />
          {read.checks.items.length ? (
            <ul className="small" aria-label={words.checks}>
              {read.checks.items.map((each) => (
                <li key={each.id}>
                  {[
                    dayAndTime(each.at, language),
                    words.checkKinds[each.kind],
                    each.document ? words.documents[each.document] : "",
                    words.outcomes[each.outcome],
                  ]
                    .filter(Boolean)
                    .join(", ")}
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
    </Read>
  );
}
