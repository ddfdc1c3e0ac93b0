import type { Schema } from "../../../api/client";

export type Import = Schema<"appointments.ImportOut">;
export type Fault = Schema<"appointments.ImportFault">;
export type Kind = Import["kind"];

export interface Options {
  readonly kind: Kind;
  /** Of a calendar only. */
  readonly practitioner: string;
  readonly replace: boolean;
  readonly tell: "none" | "reminders" | "all";
}

export const KINDS: readonly Kind[] = [
  "absences",
  "schedules",
  "practitioners",
  "sites",
  "reasons",
  "patients",
  "appointments",
];
/** Kinds that who writes schedules may import; the others are the directory's. */
export const SCHEDULED: ReadonlySet<Kind> = new Set(["absences", "schedules"]);

export const isCalendar = (file: File) => /\.ics$/i.test(file.name);
export const typeOf = (file: File) => (isCalendar(file) ? "text/calendar" : "text/csv");
