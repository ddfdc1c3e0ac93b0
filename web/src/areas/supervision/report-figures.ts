import type { Schema } from "../../api/client";

type Waits = Schema<"telesecretariat.WaitsReport">["rows"];
type People = Schema<"telesecretariat.AgentsReport">["rows"];
type Access = Schema<"telesecretariat.AccessReport">["rows"];

const HOUR_S = 3600;

/** Days from one to another, both counted. */
export function spanOf(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000) + 1;
}

/** Calls of all buckets by band of waiting, the shortest first. */
export function bands(rows: Waits) {
  const all = new Map<number, { from: number; to: number | null; answered: number; abandoned: number }>();
  for (const row of rows) {
    const band = all.get(row.from_s) ?? { from: row.from_s, to: row.to_s, answered: 0, abandoned: 0 };
    band.answered += row.answered;
    band.abandoned += row.abandoned;
    all.set(row.from_s, band);
  }
  return [...all.values()].sort((a, b) => a.from - b.from);
}

/** Hours of all seats together per bucket: nobody can be told from another. */
export function people(rows: People) {
  const all = new Map<
    string,
    { begins: string; ready: number; on_call: number; wrap: number; not_ready: number }
  >();
  for (const row of rows) {
    const bucket = all.get(row.begins) ?? { begins: row.begins, ready: 0, on_call: 0, wrap: 0, not_ready: 0 };
    bucket.ready += (row.ready_s + row.offered_s) / HOUR_S;
    bucket.on_call += row.on_call_s / HOUR_S;
    bucket.wrap += row.wrap_up_s / HOUR_S;
    bucket.not_ready += Object.values(row.not_ready_s).reduce((sum, each) => sum + each, 0) / HOUR_S;
    all.set(row.begins, bucket);
  }
  return [...all.values()].sort((a, b) => a.begins.localeCompare(b.begins));
}

/** Volumes by weekday (Monday first) and hour; only hours in which something was counted. */
export function byHour(rows: Access) {
  const hours = [...new Set(rows.map((row) => row.hour))].sort((a, b) => a - b);
  const values = Array.from({ length: 7 }, (_, day) =>
    hours.map((hour) => rows.find((row) => row.week_day === day + 1 && row.hour === hour)?.volume ?? null),
  );
  return { hours, values };
}
