/**
 * The days of a rule of opening, for the preview beside a form. The service judges and stores: what this cannot draw
 * is said to be missing, never guessed.
 */
import { addDays } from "../../../words/time";

export const DAY_CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

export interface Repeat {
  readonly frequency: "DAILY" | "WEEKLY" | "MONTHLY";
  readonly interval: number;
  /** Monday is 0; `nth` counts inside a month, from its end when negative, 0 for every one. */
  readonly weekdays: readonly { readonly nth: number; readonly weekday: number }[];
  readonly monthDays: readonly number[];
  readonly until: string | null;
  readonly count: number | null;
}

/** What a text says, or null where it says more than a preview can draw. */
export function parseRule(text: string): Repeat | null {
  const parts = new Map(text.split(";").map((part) => part.split("=") as [string, string]));
  const frequency = parts.get("FREQ");
  if (frequency !== "DAILY" && frequency !== "WEEKLY" && frequency !== "MONTHLY") return null;
  if (["BYMONTH", "BYSETPOS", "WKST"].some((name) => parts.has(name))) return null;
  const weekdays = list(parts.get("BYDAY")).map((item) => {
    const [, nth, code] = /^([+-]?\d+)?(\w\w)$/.exec(item) ?? [];
    return { nth: Number(nth ?? 0), weekday: DAY_CODES.indexOf(code as "MO") };
  });
  const until = parts.get("UNTIL");
  return {
    frequency,
    interval: Number(parts.get("INTERVAL") ?? 1),
    weekdays,
    monthDays: list(parts.get("BYMONTHDAY")).map(Number),
    until: until ? `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}` : null,
    count: parts.has("COUNT") ? Number(parts.get("COUNT")) : null,
  };
}

const list = (text: string | undefined) => (text ? text.split(",") : []);
const MS = 86_400_000;
const number = (day: string) => Date.parse(`${day}T00:00:00Z`) / MS;

export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function lengthOfMonth(day: string): number {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Whether a rule begun on `first` falls on `day`, but for its count. */
function falls(rule: Repeat, first: string, day: string): boolean {
  if (day < first || (rule.until !== null && day > rule.until)) return false;
  const weekday = weekdayOf(day);
  const date = Number(day.slice(8));
  const named = rule.weekdays.some((each) => each.weekday === weekday);
  switch (rule.frequency) {
    case "DAILY":
      return (
        (number(day) - number(first)) % rule.interval === 0 &&
        (rule.weekdays.length === 0 || named) &&
        (rule.monthDays.length === 0 || onMonthDay(rule, day))
      );
    case "WEEKLY": {
      const weeks = (number(day) - weekday - (number(first) - weekdayOf(first))) / 7;
      return weeks % rule.interval === 0 && (rule.weekdays.length > 0 ? named : weekday === weekdayOf(first));
    }
    case "MONTHLY": {
      const months =
        (Number(day.slice(0, 4)) - Number(first.slice(0, 4))) * 12 +
        Number(day.slice(5, 7)) -
        Number(first.slice(5, 7));
      if (months % rule.interval !== 0) return false;
      if (rule.monthDays.length > 0 && !onMonthDay(rule, day)) return false;
      if (rule.weekdays.length === 0) return rule.monthDays.length > 0 || date === Number(first.slice(8));
      const fromStart = Math.ceil(date / 7);
      const fromEnd = -Math.ceil((lengthOfMonth(day) - date + 1) / 7);
      return rule.weekdays.some(
        ({ nth, weekday: wanted }) =>
          wanted === weekday && (nth === 0 || nth === fromStart || nth === fromEnd),
      );
    }
  }
}

function onMonthDay(rule: Repeat, day: string): boolean {
  const date = Number(day.slice(8));
  return rule.monthDays.includes(date) || rule.monthDays.includes(date - lengthOfMonth(day) - 1);
}

/** The days of a rule in `[start, end)`. */
export function occurrences(rule: Repeat, first: string, start: string, end: string): string[] {
  const days: string[] = [];
  let seen = 0;
  for (let day = rule.count === null && start > first ? start : first; day < end; day = addDays(day, 1)) {
    if (!falls(rule, first, day)) continue;
    seen += 1;
    if (rule.count !== null && seen > rule.count) break;
    if (day >= start) days.push(day);
  }
  return days;
}
