import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useDirectory, usePractitioners, useReasons } from "../../booking";
import { useLiveQuery } from "../../live/live";
import { type Draft, PatientCard, PatientForm, PatientSearch } from "../../patients";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField } from "../../ui/field";
import { Read, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, timeOfDay } from "../../words/time";
import { useAct } from "./act";
import { agendaWords } from "./words";

const TAKERS = ["front_desk", "practitioner", "nurse"];

/** Who came without an appointment, in which order: taken in, called in, gone. */
export function WalkIns({ site }: { readonly site: string }) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const { practitionerName } = useDirectory();
  const [taking, setTaking] = useState(false);
  const queue = useLiveQuery({
    queryKey: ["appointments", "walk-ins", site],
    queryFn: ({ signal }) =>
      body(api.GET("/api/appointments/v1/walk-ins", { params: { query: { site, limit: 200 } }, signal })),
    topics: ["appointments.appointment_*"],
    atMostEvery: 1_000,
  });
  const act = useAct(() => {});
  const takes = TAKERS.includes(session.context?.role ?? "");
  return (
    <section aria-label={words.walkIns}>
      <div className="row spread">
        <h2>{words.walkIns}</h2>
        {takes ? <Button onClick={() => setTaking(true)}>{words.takeIn}</Button> : null}
      </div>
      <RefusalStrip refusal={act.refusal} />
      <Read of={queue}>
        {(data) => {
          const waiting = data.items.filter((each) => each.state === "waiting");
          return (
            <>
              <p className="small muted">
                {data.items.length === 0 ? words.nobodyWalksIn : words.walkInCounts(data.waiting, data.seen)}
              </p>
              {waiting.map((each) => {
                const visit = {
                  id: each.appointment_id,
                  version: each.version,
                  patient_name: each.display_name,
                };
                return (
                  <article key={each.appointment_id} className="agenda-card" data-state="arrived">
                    <strong>
                      {each.rank}. {each.display_name}
                    </strong>
                    <span className="small muted">
                      {practitionerName(each.practitioner_id)}
                      {each.estimated_at ? `, ${words.about(timeOfDay(each.estimated_at, language))}` : ""}
                    </span>
                    {takes ? (
                      <div className="row">
                        <Button
                          kind="primary"
                          busy={act.pending}
                          aria-label={words.callInOf(each.display_name)}
                          onClick={() => void act.run({ visit, act: "fulfil" })}
                        >
                          {words.callIn}
                        </Button>
                        <Button
                          busy={act.pending}
                          aria-label={words.leftOf(each.display_name)}
                          onClick={() => void act.run({ visit, act: "leave" })}
                        >
                          {words.left}
                        </Button>
                      </div>
                    ) : null}
                  </article>
                );
              })}
            </>
          );
        }}
      </Read>
      {taking ? <TakeIn site={site} onClose={() => setTaking(false)} /> : null}
    </section>
  );
}

function TakeIn({ site, onClose }: { readonly site: string; readonly onClose: () => void }) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const [patient, setPatient] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const reasons = (useReasons().data ?? []).filter(
    (each) => each.active && each.modes.some((way) => way.mode === "on_site"),
  );
  const people = (usePractitioners().data ?? []).filter((each) => each.site_ids.includes(site));
  const take = useCommand(
    (given: FormData, key: string) =>
      body(
        api.POST("/api/appointments/v1/walk-ins", {
          body: {
            patient_id: patient,
            reason_id: String(given.get("reason")),
            site_id: site,
            ...(given.get("practitioner") ? { practitioner_id: String(given.get("practitioner")) } : {}),
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (taken) => {
      void client.invalidateQueries({ queryKey: ["appointments", "walk-ins"] });
      say(words.takenIn(taken.rank, timeOfDay(taken.start, language)));
      onClose();
    },
  );
  const next = take.refusal?.more.next_opening;
  return (
    <Dialog title={words.takeInTitle} onClose={onClose} wide>
      {draft ? (
        <PatientForm
          initial={draft}
          onCancel={() => setDraft(null)}
          onSaved={(made) => {
            setDraft(null);
            setPatient(made.id);
          }}
        />
      ) : patient === null ? (
        <PatientSearch autoFocus onChoose={(found) => setPatient(found.id)} onNew={setDraft} />
      ) : (
        <form
          className="stack"
          onSubmit={(event: FormEvent<HTMLFormElement>) => {
            event.preventDefault();
            void take.run(new FormData(event.currentTarget));
          }}
        >
          <PatientCard patientId={patient} link={false} />
          <div className="agenda-fields">
            <SelectField
              label={words.reason}
              name="reason"
              required
              autoFocus
              fault={faultAt(take.refusal, "/reason_id")}
            >
              <option value="">{words.chooseReason}</option>
              {reasons.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.label}
                </option>
              ))}
            </SelectField>
            <SelectField label={words.practitioner} name="practitioner">
              <option value="">{words.anyPractitioner}</option>
              {people.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.display_name}
                </option>
              ))}
            </SelectField>
          </div>
          <RefusalStrip refusal={take.refusal} />
          {typeof next === "string" ? <p>{words.nextOpening(dayAndTime(next, language))}</p> : null}
          <div className="row">
            <Button type="submit" kind="primary" busy={take.pending}>
              {words.confirmTakeIn}
            </Button>
            <Button kind="quiet" onClick={() => setPatient(null)}>
              {words.otherPatient}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
