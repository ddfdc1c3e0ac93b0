import type { Agent, Board, Levels, Line } from "./queries";

export type Grade = "ok" | "warn" | "danger";

/** Sum of the lines' levels; a level that is a share is weighed by what it is a share of. */
export function together(lines: readonly Line[], period: "day" | "half_hour"): Levels {
  const all = lines.map((line) => line[period]);
  const sum = (key: "offered" | "answered" | "abandoned" | "short_abandoned") =>
    all.reduce((total, each) => total + each[key], 0);
  const share = (
    key: "sl_answered" | "sl_with_abandons" | "sl_offered" | "answered_rate",
    of: (levels: Levels) => number,
  ) => {
    const counted = all.filter((each) => each[key] !== null);
    const weight = counted.reduce((total, each) => total + of(each), 0);
    if (weight <= 0) return null;
    return counted.reduce((total, each) => total + (each[key] ?? 0) * of(each), 0) / weight;
  };
  return {
    offered: sum("offered"),
    answered: sum("answered"),
    abandoned: sum("abandoned"),
    short_abandoned: sum("short_abandoned"),
    answered_rate: share("answered_rate", (each) => each.offered),
    sl_answered: share("sl_answered", (each) => each.answered),
    sl_with_abandons: share("sl_with_abandons", (each) => each.answered + each.abandoned),
    sl_offered: share("sl_offered", (each) => each.offered - each.short_abandoned),
  };
}

/** How a service level stands against its goal: amber below it, red a quarter below. */
export function gradeOfLevel(level: number | null, goal: number): Grade | null {
  if (level === null) return null;
  if (level >= goal) return "ok";
  return level >= goal * 0.75 - 1e-9 ? "warn" : "danger";
}

/** How long the first has waited against the line's threshold: amber past it, red past three times. */
export function gradeOfWait(seconds: number, threshold: number): Grade {
  if (seconds <= threshold) return "ok";
  return seconds <= threshold * 3 ? "warn" : "danger";
}

/** What is late: nothing, a little, much. */
export function gradeOfCount(count: number, much: number): Grade {
  if (count === 0) return "ok";
  return count < much ? "warn" : "danger";
}

export type SeatState = "ready" | "offered" | "on_call" | "wrap_up" | "not_ready" | "offline";
export const SEAT_STATES: readonly SeatState[] = [
  "ready",
  "offered",
  "on_call",
  "wrap_up",
  "not_ready",
  "offline",
];

/** One word for a seat: whoever is away has no other state. */
export function seatState(agent: Agent): SeatState {
  return agent.presence === "offline" ? "offline" : agent.work_state;
}

/** Seats per state. */
export function seats(agents: readonly Agent[]): Readonly<Record<SeatState, number>> {
  const counted = { ready: 0, offered: 0, on_call: 0, wrap_up: 0, not_ready: 0, offline: 0 };
  for (const agent of agents) counted[seatState(agent)] += 1;
  return counted;
}

/** The instant since which the first of all lines waits. */
export function firstSince(lines: readonly Line[]): string | null {
  return lines.reduce<string | null>((first, line) => {
    if (line.waits_since === null) return first;
    return first === null || Date.parse(line.waits_since) < Date.parse(first) ? line.waits_since : first;
  }, null);
}

/** What is late on the floor: call-backs that wait too long, urgent messages that nobody has acknowledged. */
export function late(board: Board) {
  return {
    callbacks: board.callbacks.reduce((sum, each) => sum + each.late, 0),
    urgent: board.message_levels
      .filter((each) => each.urgency === "urgent")
      .reduce((sum, each) => sum + each.count, 0),
  };
}

/** The longest wait that a caller of this moment is told of; null when nothing can be told. */
export function announced(lines: readonly Line[]): number | null {
  const known = lines
    .filter((line) => line.open && line.estimate_s !== null)
    .map((line) => line.estimate_s ?? 0);
  return known.length ? Math.max(...known) : null;
}
