/** A list with one of its members at another place. */
export function placed<T>(all: readonly T[], from: number, to: number): readonly T[] {
  const moved = all[from];
  if (moved === undefined || to < 0 || to >= all.length || from === to) return all;
  const rest = all.filter((_, at) => at !== from);
  return [...rest.slice(0, to), moved, ...rest.slice(to)];
}

interface Stop {
  readonly appointment_id: string;
  readonly status: string;
  readonly start: string;
  readonly window_start: string | null;
}

/** Visits that may change places: those of one window that are still to come; a group for each window. */
export function windowsOf<S extends Stop>(stops: readonly S[], now: Date): readonly (readonly S[])[] {
  const groups = new Map<string, S[]>();
  for (const stop of stops) {
    const coming = stop.status === "pending" || stop.status === "booked";
    if (!coming || stop.window_start === null || Date.parse(stop.start) <= now.getTime()) continue;
    groups.set(stop.window_start, [...(groups.get(stop.window_start) ?? []), stop]);
  }
  return [...groups.values()];
}
