import type { Schema } from "../../../api/client";
import { sameValue } from "../../../records/values";
import { addDays } from "../../../words/time";
import { occurrences, parseRule } from "./recurrence";

export type Rule = Schema<"appointments.Rule-Output">;
export type Exception = Schema<"appointments.ExceptionOut">;
export type Opening = Schema<"appointments.Opening-Output">;

export const WEEKS = 8;

export interface Window {
  readonly day: string;
  readonly opening: Opening;
}

export interface Drawn {
  readonly windows: readonly Window[];
  /** Rules whose recurrence a preview cannot draw. */
  readonly missing: number;
}

/** What rules and exceptions open on the days `[start, end)`; a public holiday rests unless somebody says otherwise. */
export function draw(
  rules: readonly Rule[],
  exceptions: readonly Exception[],
  isHoliday: (day: string) => boolean,
  start: string,
  end: string,
): Drawn {
  const windows: Window[] = [];
  let missing = 0;
  for (const rule of rules) {
    const days = daysOf(rule, start, end);
    if (days === null) missing += 1;
    for (const day of days ?? []) {
      const opening = onDay(rule, exceptions, day, isHoliday(day));
      if (opening) windows.push({ day, opening });
    }
  }
  for (const exception of exceptions)
    if (exception.action === "add" && exception.opening && inside(exception.local_date, start, end))
      windows.push({ day: exception.local_date, opening: exception.opening });
  return { windows: windows.sort(byStart), missing };
}

const inside = (day: string, start: string, end: string) => day >= start && day < end;
const byStart = (one: Window, other: Window) =>
  one.day + one.opening.local_start < other.day + other.opening.local_start ? -1 : 1;

export function daysOf(rule: Rule, start: string, end: string): readonly string[] | null {
  if (!rule.rrule) return inside(rule.first_date, start, end) ? [rule.first_date] : [];
  const repeat = parseRule(rule.rrule);
  return repeat && occurrences(repeat, rule.first_date, start, end);
}

function onDay(rule: Rule, exceptions: readonly Exception[], day: string, holiday: boolean): Opening | null {
  const mine = exceptions.filter(
    (each) => each.local_date === day && (each.rule_id === null || (rule.id && each.rule_id === rule.id)),
  );
  if (mine.some((each) => each.action === "remove")) return null;
  const changed = mine.find((each) => each.action === "change" && each.rule_id !== null);
  if (changed?.opening) return changed.opening;
  return holiday && !rule.on_holidays ? null : openingOf(rule);
}

/** A rule without what says when it recurs. */
export function openingOf(rule: Rule): Opening {
  const { id: _id, first_date: _first, rrule: _rrule, on_holidays: _holidays, ...opening } = rule;
  return opening;
}

export type Change = "kept" | "added" | "removed";

/** Every window before or after, and what becomes of it. */
export function difference(
  before: readonly Window[],
  after: readonly Window[],
): readonly (Window & { change: Change })[] {
  const same = (one: Window, other: Window) => one.day === other.day && sameValue(one.opening, other.opening);
  const left = [...before];
  const rows: (Window & { change: Change })[] = [];
  for (const window of after) {
    const place = left.findIndex((each) => same(each, window));
    if (place >= 0) left.splice(place, 1);
    rows.push({ ...window, change: place >= 0 ? "kept" : "added" });
  }
  for (const window of left) rows.push({ ...window, change: "removed" });
  return rows.sort(byStart);
}

/** Minutes between two wall-clock hours; an end not after its start is on the next day. */
export function minutesOf({ local_start, local_end }: Pick<Opening, "local_start" | "local_end">): number {
  const at = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const minutes = at(local_end) - at(local_start);
  return minutes > 0 ? minutes : minutes + 24 * 60;
}

/** The days of so many weeks from a Monday. */
export function weeksFrom(monday: string, weeks: number): readonly (readonly string[])[] {
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => addDays(monday, 7 * week + day)),
  );
}
