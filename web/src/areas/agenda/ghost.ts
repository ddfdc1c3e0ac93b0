/** A visit on its way to another time, by keys: a place that steps by five minutes and by column. No React, no zone. */
import type { Column, Placed } from "./blocks";
import { clockOf, minuteOf } from "./wall";

export interface Ghost {
  readonly visitId: string;
  readonly column: number;
  /** Minutes since midnight of its start. */
  readonly minute: number;
  readonly minutes: number;
}

export const STEP = 5;

/** Where it stands when it is lifted. */
export function lifted(block: Placed, columns: readonly Column[]): Ghost {
  return {
    visitId: block.id,
    column: Math.max(
      0,
      columns.findIndex((each) => each.id === block.column),
    ),
    minute: minuteOf(block.from),
    minutes: block.minutes,
  };
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
  PageUp: [0, -60],
  PageDown: [0, 60],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** Where a key takes it; null: not a key of moving. It stays within the columns and the hours. */
export function stepped(ghost: Ghost, key: string, columns: number, hours: readonly [number, number]) {
  const move = MOVES[key];
  if (!move) return null;
  const within = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
  return {
    ...ghost,
    column: within(ghost.column + move[0], 0, columns - 1),
    minute: within(ghost.minute + move[1], hours[0] * 60, hours[1] * 60 - ghost.minutes),
  } satisfies Ghost;
}

/** The wall time where it stands now. */
export function placeOf(ghost: Ghost, columns: readonly Column[]): { column: Column; wall: string } | null {
  const column = columns[ghost.column];
  return column ? { column, wall: `${column.day}T${clockOf(ghost.minute)}:00` } : null;
}

export type Ground = "same" | "free" | "taken" | "closed";

/** What it would stand on: only the server decides, this is what the screen knows. */
export function groundOf(ghost: Ghost, column: Column, blocks: readonly Placed[]): Ground {
  const end = ghost.minute + ghost.minutes;
  const here = blocks.filter((each) => each.column === column.id);
  const meets = (each: Placed) => {
    const start = minuteOf(each.from);
    return start < end && start + each.minutes > ghost.minute;
  };
  const own = here.find((each) => each.id === ghost.visitId);
  if (own && minuteOf(own.from) === ghost.minute) return "same";
  if (
    here.some(
      (each) => (each.kind === "visit" || each.kind === "hold") && each.id !== ghost.visitId && meets(each),
    )
  )
    return "taken";
  // What the visit itself leaves behind is free for it.
  const open = here.filter((each) => (each.kind === "free" || each.id === ghost.visitId) && meets(each));
  let covered = ghost.minute;
  for (const each of open.sort((a, b) => minuteOf(a.from) - minuteOf(b.from))) {
    if (minuteOf(each.from) <= covered) covered = Math.max(covered, minuteOf(each.from) + each.minutes);
  }
  return covered >= end ? "free" : "closed";
}
