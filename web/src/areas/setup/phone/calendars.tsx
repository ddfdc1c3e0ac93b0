import { api, body, type Schema } from "../../../api/client";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { SmallRows } from "../../../records/rows";
import { type Group, only, optionsOf, type Values } from "../../../records/values";
import { faultAt, SelectField, TextField } from "../../../ui/field";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { type SetupWords, setupWords } from "../words";
import { CALENDARS, type Calendar, readCalendars, useClients } from "./shared";
import { phoneWords } from "./words";

type Weekly = Schema<"telesecretariat.WeeklySpan">;
type Day = Schema<"telesecretariat.ExceptionalDay">;
type CalendarIn = Schema<"telesecretariat.CalendarIn">;

/** Hours of lines: every week, on public holidays, on exceptional days. */
export default function Calendars({ id }: ChapterProps) {
  const words = useWords(phoneWords);
  const all = useWords(setupWords);
  const client = useClients().data?.[0];
  const given = (values: Values) => only(values, "name weekly holiday_set exceptions drain_minutes");
  const noun: Noun<Calendar> = {
    path: "calendars",
    title: all.calendars,
    add: words.addCalendar,
    addTitle: words.newCalendar,
    empty: words.noCalendar,
    queryKey: CALENDARS,
    read: readCalendars,
    name: (row) => row.name,
    columns: [{ id: "weekly", head: words.weekly, cell: (row) => weeklyText(row.weekly, all) }],
    groups: () => groupsOf(words, all),
    blank: {
      name: "",
      holiday_set: "FR",
      drain_minutes: 15,
      exceptions: [],
      weekly: [0, 1, 2, 3, 4].map((weekday) => ({ weekday, opens: "08:00", closes: "20:00" })),
    },
    values: (row) => ({ ...row }),
    ...(client
      ? {
          create: (values: Values, key: string) =>
            body(
              api.POST("/api/telesecretariat/v1/calendars", {
                body: { ...given(values), client_id: client.id } as CalendarIn,
                headers: act(key),
              }),
            ),
        }
      : {}),
    change: (row, values, key, version) =>
      body(
        api.PATCH("/api/telesecretariat/v1/calendars/{calendar_id}", {
          params: { path: { calendar_id: row.id } },
          body: given(values) as Schema<"telesecretariat.CalendarPatch">,
          headers: act(key, version),
        }),
      ),
  };
  return <NounScreen noun={noun} id={id} />;
}

const weeklyText = (spans: readonly Weekly[], all: SetupWords) =>
  spans.map((each) => `${all.weekdaysShort[each.weekday]} ${each.opens}-${each.closes}`).join(", ");

function groupsOf(words: (typeof phoneWords)["fr"], all: SetupWords): readonly Group[] {
  return [
    {
      legend: words.identity,
      fields: [
        { kind: "text", name: "name", label: words.name, required: true },
        { kind: "choice", name: "holiday_set", label: words.holidays, options: optionsOf(words.holidaySets) },
        { kind: "number", name: "drain_minutes", label: words.drain, min: 0 },
      ],
    },
    {
      legend: words.calendar,
      fields: [
        {
          kind: "own",
          name: "weekly",
          label: words.weekly,
          say: (value) => weeklyText((value ?? []) as Weekly[], all),
          edit: ({ value, change, refusal }) => (
            <SmallRows<Weekly>
              legend={words.weekly}
              add={words.addSpan}
              rows={(value ?? []) as Weekly[]}
              blank={{ weekday: 5, opens: "08:00", closes: "12:00" }}
              onChange={change}
              edit={(row, set, place) => (
                <>
                  <SelectField
                    label={words.weekday}
                    value={row.weekday}
                    onChange={(event) => set({ weekday: Number(event.target.value) })}
                  >
                    {all.weekdays.map((name, day) => (
                      <option key={name} value={day}>
                        {name}
                      </option>
                    ))}
                  </SelectField>
                  <TextField
                    label={words.opens}
                    type="time"
                    value={row.opens}
                    fault={faultAt(refusal, `/weekly/${place}/opens`)}
                    onChange={(event) => set({ opens: event.target.value })}
                  />
                  <TextField
                    label={words.closes}
                    type="time"
                    value={row.closes === "24:00" ? "00:00" : row.closes}
                    fault={
                      faultAt(refusal, `/weekly/${place}/closes`) ?? faultAt(refusal, `/weekly/${place}`)
                    }
                    onChange={(event) => set({ closes: event.target.value })}
                  />
                </>
              )}
            />
          ),
        },
        {
          kind: "own",
          name: "exceptions",
          label: words.exceptional,
          say: (value) =>
            ((value ?? []) as Day[])
              .map(
                (each) =>
                  `${each.date} ${each.ranges?.map((span) => `${span.opens}-${span.closes}`).join(", ") || words.closedAllDay} (${each.reason})`,
              )
              .join(" · "),
          edit: ({ value, change, refusal }) => (
            <SmallRows<Day>
              legend={words.exceptional}
              hint={words.exceptionalHint}
              add={words.addExceptional}
              rows={(value ?? []) as Day[]}
              blank={{ date: "", ranges: [], reason: "" }}
              onChange={change}
              edit={(row, set, place) => {
                const span = row.ranges?.[0];
                const hours = (opens: string, closes: string) =>
                  set({ ranges: opens || closes ? [{ opens, closes }] : [] });
                return (
                  <>
                    <TextField
                      label={words.date}
                      type="date"
                      value={row.date}
                      fault={faultAt(refusal, `/exceptions/${place}/date`)}
                      onChange={(event) => set({ date: event.target.value })}
                    />
                    <TextField
                      label={words.reason}
                      value={row.reason}
                      fault={faultAt(refusal, `/exceptions/${place}/reason`)}
                      onChange={(event) => set({ reason: event.target.value })}
                    />
                    <TextField
                      label={words.opens}
                      type="time"
                      value={span?.opens ?? ""}
                      onChange={(event) => hours(event.target.value, span?.closes ?? "")}
                    />
                    <TextField
                      label={words.closes}
                      type="time"
                      value={span?.closes ?? ""}
                      onChange={(event) => hours(span?.opens ?? "", event.target.value)}
                    />
                  </>
                );
              }}
            />
          ),
        },
      ],
    },
  ];
}
