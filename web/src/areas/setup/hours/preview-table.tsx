import { Minus, Plus } from "lucide-react";
import { api, body, type Schema } from "../../../api/client";
import { useSession } from "../../../api/session";
import { pageOf, useList } from "../../../records/read";
import { Strip } from "../../../ui/state";
import { useLanguage, useWords } from "../../../words/language";
import { addDays, dayOf, instantAt, mondayOf, shortDay, today } from "../../../words/time";
import { setupWords } from "../words";
import { clockChange, type HolidayZone, holidaysBetween } from "./calendar";
import { type Change, difference, draw, type Rule, WEEKS, type Window, weeksFrom } from "./preview";
import { hoursText, type Schedule } from "./shared";
import { hoursWords } from "./words";

interface Props {
  readonly schedule: Schedule;
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
  readonly dirty: boolean;
}

/** Eight weeks of what the windows open, what a change adds and takes away, and the days that are special. */
export function PreviewTable({ schedule, before, after, dirty }: Props) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const monday = mondayOf(today());
  const end = addDays(monday, 7 * WEEKS);
  const marks = useMarks(schedule, monday, end);
  const isHoliday = (day: string) => marks.holidays.has(day);
  const drawn = draw(after, schedule.exceptions, isHoliday, monday, end);
  const old = draw(before, schedule.exceptions, isHoliday, monday, end);
  const rows = difference(old.windows, drawn.windows);
  const count = (change: Change) => rows.filter((each) => each.change === change).length;
  return (
    <section className="stack">
      <h2>{words.preview}</h2>
      <p className="muted small">{words.previewText}</p>
      {dirty ? (
        <p role="status" className="row">
          <strong>{words.summary(count("added"), count("removed"))}</strong>
        </p>
      ) : null}
      {drawn.missing > 0 ? <Strip state="warn">{words.notDrawn(drawn.missing)}</Strip> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="table-frame" aria-label={words.preview} tabIndex={0}>
        <table className="table setup-weeks">
          <caption className="visually-hidden">{words.preview}</caption>
          <thead>
            <tr>
              <th scope="col">{words.every}</th>
              {all.weekdays.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeksFrom(monday, WEEKS).map((days) => (
              <tr key={days[0]}>
                <th scope="row">{shortDay(days[0] ?? monday, language)}</th>
                {days.map((day) => (
                  <td key={day} data-past={day < today() || undefined}>
                    <Marks day={day} holiday={marks.holidays.get(day)} off={marks.off(day)} />
                    <ul>
                      {rows
                        .filter((each) => each.day === day)
                        .map((each) => (
                          <Line key={lineKey(each)} window={each} change={each.change} />
                        ))}
                    </ul>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

const lineKey = (each: Window & { change: Change }) =>
  `${each.change}${each.opening.local_start}${each.opening.local_end}${each.opening.kind}${each.opening.room_id}`;

function Line({ window, change }: { readonly window: Window; readonly change: Change }) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  const { opening } = window;
  return (
    <li className="setup-window" data-change={change} title={words.kinds[opening.kind]}>
      {change === "added" ? <Plus size={14} aria-hidden="true" /> : null}
      {change === "removed" ? <Minus size={14} aria-hidden="true" /> : null}
      {change === "kept" ? null : <span className="visually-hidden">{words.counts[change]} </span>}
      {hoursText(opening.local_start, opening.local_end, language)}
    </li>
  );
}

interface MarksProps {
  readonly day: string;
  readonly holiday: keyof (typeof hoursWords)["fr"]["holidays"] | undefined;
  readonly off: "absent" | "closed" | null;
}

function Marks({ day, holiday, off }: MarksProps) {
  const words = useWords(hoursWords);
  const change = clockChange(day);
  return (
    <>
      {holiday ? <p className="setup-mark">{words.holidays[holiday]}</p> : null}
      {change ? <p className="setup-mark">{words[change]}</p> : null}
      {off ? <p className="setup-mark">{words[off]}</p> : null}
    </>
  );
}

/** What is special about days: public holidays, absences of the practitioner, closures of the site. */
function useMarks(schedule: Schedule, start: string, end: string) {
  const { session } = useSession();
  const organisation = session.context?.organisation_id ?? "";
  const zone = useList(["appointments", "organisation", organisation], async () => {
    const path = { organisation_id: organisation };
    const read = await body(
      api.GET("/api/appointments/v1/organisations/{organisation_id}", { params: { path } }),
    );
    return read.holiday_zone as HolidayZone;
  });
  const query = { from: instantAt(start, "00:00"), to: instantAt(end, "00:00"), ...pageOf(undefined) };
  const absences = useList<readonly Schema<"appointments.AbsenceOut">[]>(
    ["appointments", "absences", schedule.practitioner_id, start],
    async () =>
      (
        await body(
          api.GET("/api/appointments/v1/absences", {
            params: { query: { practitioner: schedule.practitioner_id, ...query } },
          }),
        )
      ).items,
    ["appointments.absence_changed"],
  );
  const closures = useList<readonly Schema<"appointments.ClosureOut">[]>(
    ["appointments", "closures", schedule.site_id, start],
    async () =>
      (
        await body(
          api.GET("/api/appointments/v1/closures", {
            params: { query: { site: schedule.site_id, ...query } },
          }),
        )
      ).items,
  );
  const covers = (each: { start: string; end: string }, day: string) =>
    dayOf(each.start) <= day && dayOf(new Date(Date.parse(each.end) - 1)) >= day;
  return {
    holidays: holidaysBetween(start, end, zone.data ?? "FR"),
    off: (day: string) =>
      (absences.data ?? []).some((each) => covers(each, day))
        ? ("absent" as const)
        : (closures.data ?? []).some((each) => covers(each, day))
          ? ("closed" as const)
          : null,
  };
}
