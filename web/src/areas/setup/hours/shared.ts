import { api, body, type Schema } from "../../../api/client";
import { useSession } from "../../../api/session";
import { everyPage, pageOf, useList } from "../../../records/read";
import type { Language } from "../../../words/language";
import { dateOnly, today } from "../../../words/time";
import { type Practitioner, usePractitioners } from "../centre/shared";
import type { SetupWords } from "../words";
import type { Rule } from "./preview";
import { parseRule } from "./recurrence";
import type { HoursWords } from "./words";

export type Schedule = Schema<"appointments.ScheduleOut">;
export type ScheduleItem = Schema<"appointments.ScheduleItem">;

export const SCHEDULES = ["appointments", "schedules", "all"] as const;
export const scheduleKey = (id: string) => ["appointments", "schedule", id] as const;

export const useSchedules = () =>
  useList(
    SCHEDULES,
    () =>
      everyPage<ScheduleItem>((cursor) =>
        body(api.GET("/api/appointments/v1/schedules", { params: { query: pageOf(cursor) } })),
      ),
    ["appointments.practitioner_changed"],
  );

/** Whose hours this person may write: everybody's, or her own. */
export function useOwnPeople(): {
  readonly people: readonly Practitioner[];
  readonly own: boolean;
  readonly loaded: boolean;
} {
  const { session } = useSession();
  const list = usePractitioners();
  const own = session.permissions?.["appointments:schedule.write"] === "s";
  const people = (list.data ?? []).filter(
    (each) => !own || (each.person?.person_id && each.person.person_id === session.person?.id),
  );
  return { people, own, loaded: list.data !== undefined };
}

/** « 8 h 30 » of `08:30`. */
export function hourText(text: string, language: Language): string {
  const [hour = "0", minute = "00"] = text.split(":");
  if (language === "en") return `${Number(hour)}:${minute}`;
  return minute === "00" ? `${Number(hour)}\u00a0h` : `${Number(hour)}\u00a0h\u00a0${minute}`;
}

export function hoursText(from: string, to: string, language: Language): string {
  return `${hourText(from, language)} - ${hourText(to, language)}`;
}

/** When a rule recurs, in words. */
export function repeatText(rule: Rule, words: HoursWords, all: SetupWords, language: Language): string {
  if (!rule.rrule) return words.only(dateOnly(rule.first_date, language));
  const repeat = parseRule(rule.rrule);
  const started = rule.first_date <= today();
  const first = dateOnly(rule.first_date, language);
  const rest = [
    repeat && repeat.interval === 2 && repeat.frequency === "WEEKLY" ? words.fortnight.toLowerCase() : "",
    repeat && repeat.interval > 2 ? words.nthWeek(repeat.interval).toLowerCase() : "",
    started ? "" : words.from(first),
    repeat?.until ? words.until(dateOnly(repeat.until, language)) : "",
  ].filter(Boolean);
  const named =
    repeat && repeat.frequency === "WEEKLY"
      ? [...repeat.weekdays]
          .sort((a, b) => a.weekday - b.weekday)
          .map((each) => all.weekdays[each.weekday])
          .join(", ")
      : rule.rrule;
  return [named, ...rest].filter(Boolean).join(", ");
}
