import { Plus, X } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import type { Refusal } from "../../../api/refusal";
import { Fields } from "../../../records/fields";
import { act } from "../../../records/read";
import type { Group, Values } from "../../../records/values";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { faultAt, faultsShown, TextField } from "../../../ui/field";
import { RefusalStrip } from "../../../ui/state";
import { useLanguage, useWords } from "../../../words/language";
import { longDay, today } from "../../../words/time";
import { type Practitioner, useReasons, useRooms, useSites } from "../centre/shared";
import type { Session } from "./sessions";
import { hoursWords } from "./words";

interface Props {
  /** The one to change; none while new ones are planned. */
  readonly session: Session | null;
  readonly people: readonly Practitioner[];
  readonly onSaved: (saved: readonly Session[]) => void;
  readonly onClose: () => void;
}

/** Sessions on one or several dates, at the same hours; or other hours of one that is planned. */
export function SessionDialog({ session, people, onSaved, onClose }: Props) {
  const words = useWords(hoursWords);
  const [values, set] = useState<Values>(() => ({
    practitioner_id: people.length === 1 ? (people[0]?.id ?? null) : null,
    site_id: null,
    dates: [],
    local_start: "09:00",
    local_end: "17:00",
    reason_ids: [],
    room_id: null,
    note: null,
    ...session,
  }));
  const groups = useGroups(session, people, String(values.site_id ?? ""));
  const send = useCommand((given: Values, key: string) => save(session, given, key), onSaved);
  const ready =
    values.local_start &&
    values.local_end &&
    (session
      ? String(values.local_date).length === 10
      : values.practitioner_id && values.site_id && (values.dates as string[]).length > 0);
  const pointers = groups.flatMap((group) => group.fields.map((each) => `/${each.name}`));
  const dates = (values.dates as string[] | undefined)?.map((_, place) => `/dates/${place}`) ?? [];
  return (
    <Dialog
      title={session ? words.changeSession : words.newSession}
      onClose={onClose}
      wide
      foot={
        <Button
          kind="primary"
          type="submit"
          form="setup-session"
          busy={send.pending}
          blocked={ready ? undefined : words.sessionIncomplete}
        >
          {words.saveSessions}
        </Button>
      }
    >
      <form
        id="setup-session"
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void send.run(values);
        }}
      >
        <Fields
          groups={groups}
          values={values}
          onChange={set}
          refusal={send.refusal}
          made={session !== null}
        />
        {faultsShown(send.refusal, [...pointers, ...dates]) ? null : <RefusalStrip refusal={send.refusal} />}
      </form>
    </Dialog>
  );
}

async function save(session: Session | null, values: Values, key: string): Promise<readonly Session[]> {
  const hours = {
    local_start: String(values.local_start),
    local_end: String(values.local_end),
    reason_ids: values.reason_ids as string[],
    room_id: values.room_id as string | null,
    note: values.note as string | null,
  };
  if (session) {
    const changed = await body(
      api.PUT("/api/appointments/v1/sessions/{session_id}", {
        params: { path: { session_id: session.id } },
        body: { ...hours, local_date: String(values.local_date) },
        headers: act(key, session.version),
      }),
    );
    return [changed];
  }
  const planned: Schema<"appointments.SessionsOut"> = await body(
    api.POST("/api/appointments/v1/sessions", {
      body: {
        ...hours,
        practitioner_id: String(values.practitioner_id),
        site_id: String(values.site_id),
        dates: values.dates as string[],
      },
      headers: act(key),
    }),
  );
  return planned.items;
}

function useGroups(
  session: Session | null,
  people: readonly Practitioner[],
  siteId: string,
): readonly Group[] {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  const sites = (useSites().data ?? []).filter((each) => each.active);
  const rooms = (useRooms().data ?? []).filter((each) => each.site_id === siteId && each.active);
  const reasons = (useReasons().data ?? []).filter((each) => each.active);
  const planned: Group["fields"] = [
    {
      kind: "choice",
      name: "practitioner_id",
      label: words.practitioner,
      required: true,
      options: people.map((each) => ({ value: each.id, label: each.display_name })),
    },
    {
      kind: "choice",
      name: "site_id",
      label: words.site,
      required: true,
      options: sites.map((each) => ({ value: each.id, label: each.name })),
    },
    {
      kind: "own",
      name: "dates",
      label: words.datesOf,
      say: (value) => (value as string[]).map((each) => longDay(each, language)).join(", "),
      edit: ({ value, change, refusal }) => (
        <Dates dates={value as readonly string[]} onChange={change} refusal={refusal} />
      ),
    },
  ];
  return [
    {
      legend: session ? session.practitioner : words.when,
      fields: [
        ...(session
          ? [{ kind: "date" as const, name: "local_date", label: words.day, required: true }]
          : planned),
        { kind: "time", name: "local_start", label: words.start, required: true },
        { kind: "time", name: "local_end", label: words.end, required: true },
        {
          kind: "choice",
          name: "room_id",
          label: words.room,
          none: words.noRoom,
          options: rooms.map((each) => ({ value: each.id, label: each.name })),
        },
      ],
    },
    {
      legend: words.what,
      folded: true,
      fields: [
        {
          kind: "set",
          name: "reason_ids",
          label: words.reasons,
          hint: words.reasonsHint,
          options: reasons.map((each) => ({ value: each.id, label: each.label })),
        },
        { kind: "text", name: "note", label: words.note, hint: words.noteHint, max: 280 },
      ],
    },
  ];
}

interface DatesProps {
  readonly dates: readonly string[];
  readonly onChange: (dates: readonly string[]) => void;
  readonly refusal: Refusal | null;
}

/** Several days: one is chosen, then added; what is wrong with a day stands beside it. */
function Dates({ dates, onChange, refusal }: DatesProps) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  const [day, setDay] = useState("");
  const add = () => {
    if (day.length === 10 && !dates.includes(day)) onChange([...dates, day].sort());
    setDay("");
  };
  return (
    <fieldset className="field stack">
      <legend>{words.datesOf}</legend>
      <div className="records-line">
        <TextField
          label={words.day}
          type="date"
          min={today()}
          value={day}
          onChange={(event) => setDay(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <Button blocked={day.length === 10 ? undefined : words.dayFirst} onClick={add}>
          <Plus size={16} aria-hidden="true" />
          {words.addDay}
        </Button>
      </div>
      {dates.length === 0 ? (
        <p className="muted small">{words.noDay}</p>
      ) : (
        <ul className="setup-dates" aria-label={words.datesOf}>
          {dates.map((each, place) => (
            <li key={each} className="row">
              {longDay(each, language)}
              <Button
                kind="quiet"
                aria-label={words.dropDay(longDay(each, language))}
                onClick={() => onChange(dates.filter((other) => other !== each))}
              >
                <X size={16} aria-hidden="true" />
              </Button>
              {faultAt(refusal, `/dates/${place}`) ? (
                <span className="fault">{faultAt(refusal, `/dates/${place}`)}</span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
