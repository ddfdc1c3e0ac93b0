import { addDays } from "../../../words/time";

export type HolidayZone = "FR" | "FR-AM";

/** Public holidays of a year by day; Alsace-Moselle keeps two more (law of 1892). */
export function holidaysOf(year: number, zone: HolidayZone): ReadonlyMap<string, Holiday> {
  const easter = easterOf(year);
  const fixed: readonly [string, Holiday][] = [
    [`${year}-01-01`, "newYear"],
    [addDays(easter, 1), "easterMonday"],
    [`${year}-05-01`, "labour"],
    [`${year}-05-08`, "victory"],
    [addDays(easter, 39), "ascension"],
    [addDays(easter, 50), "whitMonday"],
    [`${year}-07-14`, "bastille"],
    [`${year}-08-15`, "assumption"],
    [`${year}-11-01`, "allSaints"],
    [`${year}-11-11`, "armistice"],
    [`${year}-12-25`, "christmas"],
  ];
  const more: readonly [string, Holiday][] =
    zone === "FR-AM"
      ? [
          [addDays(easter, -2), "goodFriday"],
          [`${year}-12-26`, "stephen"],
        ]
      : [];
  return new Map([...fixed, ...more]);
}

export type Holiday =
  | "newYear"
  | "goodFriday"
  | "easterMonday"
  | "labour"
  | "victory"
  | "ascension"
  | "whitMonday"
  | "bastille"
  | "assumption"
  | "allSaints"
  | "armistice"
  | "christmas"
  | "stephen";

/** Holidays of every year that `[start, end)` touches. */
export function holidaysBetween(start: string, end: string, zone: HolidayZone): ReadonlyMap<string, Holiday> {
  const all = new Map<string, Holiday>();
  for (let year = Number(start.slice(0, 4)); year <= Number(end.slice(0, 4)); year += 1)
    for (const [day, name] of holidaysOf(year, zone)) all.set(day, name);
  return all;
}

/** Easter Sunday, by the anonymous Gregorian computation. */
function easterOf(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** Nights in which the clock changes: the last Sundays of March (one hour less) and October (one more). */
export function clockChange(day: string): "shorter" | "longer" | null {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  if (month !== 3 && month !== 10) return null;
  const sunday = new Date(Date.UTC(year, month - 1, date)).getUTCDay() === 0;
  if (!sunday || date + 7 <= 31) return null;
  return month === 3 ? "shorter" : "longer";
}
