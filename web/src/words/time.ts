/**
 * Times as people here read them. Everything on screen is wall-clock time of Paris, whatever the machine's zone is;
 * instants travel as ISO 8601 with an offset.
 */
import { type CalendarDate, parseAbsolute, parseDate, toZoned } from "@internationalized/date";
import type { Language } from "./language";

export const ZONE = "Europe/Paris";
const LOCALE: Readonly<Record<Language, string>> = { fr: "fr-FR", en: "en-GB" };

const made = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let known = made.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(LOCALE[language], { timeZone: ZONE, ...options });
    made.set(key, known);
  }
  return known;
}

/** How far the server's clock is before this machine's, in ms. A desk whose clock is wrong shows right times. */
let ahead = 0;

/** Told by the session: the server's instant when its answer was made. */
export function setServerNow(instant: string): void {
  ahead = Date.parse(instant) - Date.now();
}

/** The server's present instant. */
export function now(): Date {
  return new Date(Date.now() + ahead);
}

/** The server's clock less this machine's, in ms. */
export function clockGap(): number {
  return ahead;
}

/** Today in Paris, `2026-11-23`. */
export function today(): string {
  return dayOf(now());
}

/** The day in Paris of an instant, `2026-11-23`. */
export function dayOf(instant: Date | string): string {
  return wallClock(instant).slice(0, 10);
}

const HOUR_MS = 3_600_000;
/** Paris's distance from UTC in ms by the hour, which it changes on: an agenda asks hundreds of times. */
const distances = new Map<number, number>();

/** What the clock of Paris shows at an instant: `2026-11-23T09:20:00.000`. */
export function wallClock(instant: Date | string): string {
  const at = typeof instant === "string" ? Date.parse(instant) : instant.getTime();
  const hour = Math.floor(at / HOUR_MS);
  let distance = distances.get(hour);
  if (distance === undefined) {
    distance = zoned(new Date(at)).offset;
    distances.set(hour, distance);
  }
  return new Date(at + distance).toISOString().slice(0, 23);
}

/** An instant as a date and time of Paris. */
export function zoned(instant: Date | string) {
  return parseAbsolute(
    typeof instant === "string" ? new Date(instant).toISOString() : instant.toISOString(),
    ZONE,
  );
}

/** The instant of a wall-clock time in Paris: `2026-11-23`, `09:20` -> `2026-11-23T08:20:00.000Z`. */
export function instantAt(day: string, time: string): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const date = parseDate(day);
  return toZoned(date, ZONE).set({ hour, minute }).toDate().toISOString();
}

/** A day so many days later (or earlier). */
export function addDays(day: string, days: number): string {
  return parseDate(day).add({ days }).toString();
}

/** Monday of the week of a day. */
export function mondayOf(day: string): string {
  const date = parseDate(day);
  const weekday = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
  return date.subtract({ days: (weekday + 6) % 7 }).toString();
}

/** « 9 h 20 », "9:20". */
export function timeOfDay(instant: Date | string, language: Language): string {
  const wall = wallClock(instant);
  const hour = Number(wall.slice(11, 13));
  return language === "fr" ? `${hour}\u00a0h\u00a0${wall.slice(14, 16)}` : `${hour}:${wall.slice(14, 16)}`;
}

/** « mardi 24 novembre » of a day or an instant. */
export function longDay(day: Date | string, language: Language): string {
  return format(language, { weekday: "long", day: "numeric", month: "long" }).format(noon(day));
}

/** « mar. 24 nov. » */
export function shortDay(day: Date | string, language: Language): string {
  return format(language, { weekday: "short", day: "numeric", month: "short" }).format(noon(day));
}

/** « 24/11/2026 » */
export function dateOnly(day: Date | string, language: Language): string {
  return format(language, { day: "2-digit", month: "2-digit", year: "numeric" }).format(noon(day));
}

/** « mardi 24 novembre, 9 h 20 » */
export function dayAndTime(instant: Date | string, language: Language): string {
  return `${longDay(dayOf(instant), language)}, ${timeOfDay(instant, language)}`;
}

/** « 10:42:05 », for what is told to the second. */
export function clockTime(instant: Date | string, language: Language): string {
  return format(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(
    new Date(instant),
  );
}

/** « 12 min », « 1 h 05 », « 40 s » of a number of seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}\u00a0s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  return `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}`;
}

/** « 2:05 » of a number of seconds, for what runs. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** Age in whole years on a day, of a birth date `1968-02-17`. */
export function age(birth: string, day: string = today()): number {
  const born = parseDate(birth);
  const date: CalendarDate = parseDate(day);
  const before = date.month < born.month || (date.month === born.month && date.day < born.day);
  return date.year - born.year - (before ? 1 : 0);
}

/** « 54 ans »; before three years « 7 mois », before two months « 12 jours »: what a dose is read by. */
export function aged(birth: string, language: Language, day: string = today()): string {
  const born = parseDate(birth);
  const date = parseDate(day);
  const years = age(birth, day);
  const months = (date.year - born.year) * 12 + date.month - born.month - (date.day < born.day ? 1 : 0);
  const french = language === "fr";
  if (years >= 3) return `${years} ${french ? "ans" : "years"}`;
  if (months >= 2) return `${months} ${french ? "mois" : "months"}`;
  const days = Math.max(0, date.compare(born));
  if (french) return `${days} ${days < 2 ? "jour" : "jours"}`;
  return `${days} ${days === 1 ? "day" : "days"}`;
}

/** A day has no zone: noon of Paris is the same day everywhere it is shown. */
function noon(day: Date | string): Date {
  if (typeof day === "string" && day.length === 10) return new Date(instantAt(day, "12:00"));
  return new Date(day);
}
