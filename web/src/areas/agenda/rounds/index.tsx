import { ChevronLeft, ChevronRight, Plus, Printer } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { api, body, type Schema } from "../../../api/client";
import { useSession } from "../../../api/session";
import { usePractitioners } from "../../../booking";
import { useLiveQuery } from "../../../live/live";
import { Button } from "../../../ui/button";
import { SelectField, TextField } from "../../../ui/field";
import { Empty, Read } from "../../../ui/state";
import { Title } from "../../../ui/title";
import { useLanguage, useWords } from "../../../words/language";
import { addDays, longDay, today } from "../../../words/time";
import { dayIn } from "../address";
import { CareHome } from "./care-home";
import "./rounds.css";
import { Stops } from "./stops";
import { roundWords } from "./words";

export type Round = Schema<"appointments.RoundOut">;

interface Props {
  readonly practitioner: string | undefined;
  readonly day: string | undefined;
}

/** Visits at home and in care homes of one person on one day: their order, where they are, and the sheet on paper. */
export default function Rounds({ practitioner, day: asked }: Props) {
  const words = useWords(roundWords);
  const { language } = useLanguage();
  const { session, may } = useSession();
  const [, go] = useLocation();
  const [adding, setAdding] = useState(false);
  const people = usePractitioners().data ?? [];
  const day = dayIn(asked) ?? today();
  const own = people.find((each) => each.person?.person_id && each.person.person_id === session.person?.id);
  const who = practitioner ?? own?.id ?? "";
  const to = (next: string, person = who) => go(`/agenda/rounds/${person}/${next}`);
  return (
    <>
      <Title>{words.titleDay(longDay(day, language))}</Title>
      <div className="agenda-bar rounds-noprint">
        <SelectField label={words.who} value={who} onChange={(event) => to(day, event.target.value)}>
          <option value="">{words.choose}</option>
          {people.map((each) => (
            <option key={each.id} value={each.id}>
              {each.display_name}
            </option>
          ))}
        </SelectField>
        {who ? (
          <>
            <div className="row agenda-days">
              <Button aria-label={words.earlier} onClick={() => to(addDays(day, -1))}>
                <ChevronLeft size={18} aria-hidden="true" />
              </Button>
              <Button onClick={() => to(today())}>{words.today}</Button>
              <Button aria-label={words.later} onClick={() => to(addDays(day, 1))}>
                <ChevronRight size={18} aria-hidden="true" />
              </Button>
            </div>
            <TextField
              key={day}
              label={words.day}
              type="date"
              defaultValue={day}
              onBlur={(event) => event.target.value && event.target.value !== day && to(event.target.value)}
            />
            <Button onClick={() => window.print()}>
              <Printer size={16} aria-hidden="true" />
              {words.print}
            </Button>
            {may("appointments:appointment.write") ? (
              <Button onClick={() => setAdding(true)}>
                <Plus size={16} aria-hidden="true" />
                {words.addHome}
              </Button>
            ) : null}
          </>
        ) : null}
      </div>
      {who ? <Shown key={`${who}/${day}`} who={who} day={day} /> : <Empty>{words.chooseFirst}</Empty>}
      {adding ? <CareHome practitionerId={who} day={day} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function Shown({ who, day }: { readonly who: string; readonly day: string }) {
  const words = useWords(roundWords);
  const round = useLiveQuery<Round>({
    queryKey: ["appointments", "round", who, day],
    queryFn: ({ signal }) =>
      body(api.GET("/api/appointments/v1/rounds", { params: { query: { practitioner: who, day } }, signal })),
    topics: ["appointments.appointment_*"],
    about: who,
    atMostEvery: 1_000,
  });
  return (
    <Read of={round} lines={8}>
      {(found) => (found.stops.length === 0 ? <Empty>{words.none}</Empty> : <Stops round={found} />)}
    </Read>
  );
}
