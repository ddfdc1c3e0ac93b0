import type { Schema } from "../../api/client";

export type Line = Schema<"cooperation.CountLine">;
export type GapReason = Schema<"cooperation.GapIn">["reason"];

/** What was counted of a set so far; pure. */
export interface Count {
  readonly counted: Readonly<Record<string, number>>;
  readonly gaps: Readonly<Record<string, GapReason>>;
  readonly instruments: Readonly<Record<string, readonly string[]>>;
}

export const NOTHING: Count = { counted: {}, gaps: {}, instruments: {} };

export function countedOf(count: Count, line: Line): number {
  return count.counted[line.line_id] ?? 0;
}

/** One more or less of a line, between none and what the composition lists. */
export function plus(count: Count, line: Line, by: number): Count {
  const now = Math.min(line.quantity, Math.max(0, countedOf(count, line) + by));
  return { ...count, counted: { ...count.counted, [line.line_id]: now } };
}

/** Every line that is counted by hand is complete; marked instruments must be scanned. */
export function allFree(count: Count, lines: readonly Line[]): Count {
  const free = lines.filter((line) => !line.exclusive).map((line) => [line.line_id, line.quantity]);
  return { ...count, counted: { ...count.counted, ...Object.fromEntries(free) } };
}

/** A marked instrument of the line's model; scanned twice it counts once. */
export function scanned(count: Count, lines: readonly Line[], model: string, code: string): Count {
  const line = lines.find((each) => each.model_id === model);
  if (!line) return count;
  const before = count.instruments[line.line_id] ?? [];
  if (before.includes(code)) return count;
  const with_ = { ...count, instruments: { ...count.instruments, [line.line_id]: [...before, code] } };
  return plus(with_, line, 1);
}

export function named(count: Count, line: Line, reason: GapReason): Count {
  return { ...count, gaps: { ...count.gaps, [line.line_id]: reason } };
}

/** Lines that are neither complete nor have their gap named. */
export function open(count: Count, lines: readonly Line[]): readonly Line[] {
  return lines.filter((line) => countedOf(count, line) < line.quantity && !count.gaps[line.line_id]);
}

export function body(count: Count, lines: readonly Line[]): Schema<"cooperation.AssembleIn"> {
  return {
    counted: lines.map((line) => ({
      line_id: line.line_id,
      quantity: countedOf(count, line),
      instruments: [...(count.instruments[line.line_id] ?? [])],
    })),
    gaps: lines.flatMap((line) => {
      const missing = line.quantity - countedOf(count, line);
      const reason = count.gaps[line.line_id];
      return missing > 0 && reason ? [{ line_id: line.line_id, missing, reason }] : [];
    }),
    soil: false,
  };
}
