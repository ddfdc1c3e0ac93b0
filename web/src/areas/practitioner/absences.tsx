import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { faultAt, faultsShown, SelectField, TextField } from "../../ui/field";
import { Empty, Read, RefusalStrip, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, instantAt, today } from "../../words/time";
import { useAbsences, usePractitioners } from "./queries";
import { practitionerWords } from "./words";

type Absence = Schema<"appointments.AbsenceOut">;
type Kind = NonNullable<Schema<"appointments.AbsenceIn">["kind"]>;
const KINDS: readonly Kind[] = ["leave", "sick", "training", "other"];

/** One's own absences: declared here, taken back here; what they touch is settled in the agenda. */
export function Absences() {
  const words = useWords(practitionerWords);
  const { query, mine } = usePractitioners();
  return (
    <>
      <Title>{words.absenceTitle}</Title>
      <Read of={query}>
        {() =>
          mine ? (
            <>
              <Declare practitionerId={mine.id} />
              <Known practitionerId={mine.id} />
            </>
          ) : (
            <Strip state="info">{words.notPractitioner}</Strip>
          )
        }
      </Read>
    </>
  );
}

function Declare({ practitionerId }: { readonly practitionerId: string }) {
  const words = useWords(practitionerWords);
  const client = useQueryClient();
  const [wrong, setWrong] = useState(false);
  const declare = useCommand(
    (given: Schema<"appointments.AbsenceIn">, key) =>
      body(api.POST("/api/appointments/v1/absences", { headers: { "Idempotency-Key": key }, body: given })),
    () => void client.invalidateQueries({ queryKey: ["appointments", "absences"] }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const at = (day: string, time: string) => instantAt(String(form.get(day)), String(form.get(time)));
    const start = at("from", "fromTime");
    const end = at("until", "untilTime");
    setWrong(end <= start);
    if (end > start) {
      void declare.run({
        practitioner_id: practitionerId,
        start,
        end,
        kind: String(form.get("kind")) as Kind,
      });
    }
  };
  const end = faultAt(declare.refusal, "/end");
  return (
    <form className="panel stack" onSubmit={submit}>
      <h2>{words.declare}</h2>
      <div className="practitioner-span">
        <TextField
          label={words.from}
          name="from"
          type="date"
          defaultValue={today()}
          fault={faultAt(declare.refusal, "/start")}
          required
        />
        <TextField label={words.fromTime} name="fromTime" type="time" defaultValue="08:00" required />
        <TextField
          label={words.until}
          name="until"
          type="date"
          defaultValue={today()}
          fault={wrong ? words.orderFault : end}
          required
        />
        <TextField label={words.untilTime} name="untilTime" type="time" defaultValue="20:00" required />
      </div>
      <SelectField label={words.kind} name="kind">
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {words.kinds[kind]}
          </option>
        ))}
      </SelectField>
      {faultsShown(declare.refusal, ["/start", "/end"]) ? null : <RefusalStrip refusal={declare.refusal} />}
      {declare.done ? (
        <Strip
          state={declare.done.conflicts ? "warn" : "ok"}
          role="status"
          acts={
            declare.done.conflicts ? (
              <Link href="/agenda" className="button">
                {words.openAgenda}
              </Link>
            ) : null
          }
        >
          {words.declared(declare.done.conflicts ?? 0)}
        </Strip>
      ) : null}
      <div>
        <Button type="submit" kind="primary" busy={declare.pending}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

function Known({ practitionerId }: { readonly practitionerId: string }) {
  const words = useWords(practitionerWords);
  const absences = useAbsences(practitionerId);
  return (
    <Read of={absences}>
      {(items) =>
        items.length === 0 ? (
          <Empty>{words.noAbsence}</Empty>
        ) : (
          <ul className="stack">
            {items.map((each) => (
              <AbsenceLine key={each.id} absence={each} />
            ))}
          </ul>
        )
      }
    </Read>
  );
}

function AbsenceLine({ absence }: { readonly absence: Absence }) {
  const words = useWords(practitionerWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const withdraw = useCommand(
    (_: null, key) =>
      body(
        api.DELETE("/api/appointments/v1/absences/{absence_id}", {
          params: { path: { absence_id: absence.id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.withdrawn);
      void client.invalidateQueries({ queryKey: ["appointments", "absences"] });
    },
  );
  return (
    <li className="panel stack">
      <div className="row spread">
        <span className="stack practitioner-tight">
          <strong>{words.kinds[absence.kind]}</strong>
          <span>{words.span(dayAndTime(absence.start, language), dayAndTime(absence.end, language))}</span>
        </span>
        {absence.source === "manual" ? (
          <Button busy={withdraw.pending} onClick={() => void withdraw.run(null)}>
            {words.withdraw}
          </Button>
        ) : null}
      </div>
      <RefusalStrip refusal={withdraw.refusal} />
    </li>
  );
}
