/** What lies over the grid without being one of its events: the line of now, and a visit on its way. */
import type { Column } from "./blocks";
import type { Ghost } from "./ghost";
import { clockOf, later, minuteOf } from "./wall";

/** The neutral day that the grid is told: in no zone does its clock change. */
export const GRID_DAY = "2001-01-15";
export const SLOT_MINUTES = 20;
export const SLOT_PX = 34;

/** Where a wall time stands in the grid; what crosses midnight ends there. */
export function wallInGrid(from: string, minutes: number): { start: string; end: string } {
  const start = minuteOf(from);
  const end =
    start + minutes >= 24 * 60
      ? later(`${GRID_DAY}T00:00:00`, 24 * 60)
      : `${GRID_DAY}T${clockOf(start + minutes)}:00`;
  return { start: `${GRID_DAY}T${clockOf(start)}:00`, end };
}

function piece(grid: HTMLElement, name: string): HTMLElement | null {
  const events = grid.querySelector<HTMLElement>(".ec-body .ec-events");
  if (!events) return null;
  let found = events.querySelector<HTMLElement>(`:scope > .${name}`);
  if (!found) {
    found = document.createElement("div");
    found.className = name;
    found.setAttribute("aria-hidden", "true");
    events.append(found);
  }
  return found;
}

function px(minute: number, hours: readonly [number, number]): string {
  return `${((minute - hours[0] * 60) / SLOT_MINUTES) * SLOT_PX}px`;
}

/** The line of now, over the columns of today only. */
export function drawNow(
  grid: HTMLElement,
  columns: readonly Column[],
  hours: readonly [number, number],
  wall: string,
) {
  const line = piece(grid, "agenda-now");
  if (!line) return;
  const first = columns.findIndex((each) => each.day === wall.slice(0, 10));
  const count = columns.filter((each) => each.day === wall.slice(0, 10)).length;
  const at = minuteOf(wall);
  line.hidden = first < 0 || at < hours[0] * 60 || at > hours[1] * 60;
  line.style.gridColumn = `${first + 1} / span ${Math.max(1, count)}`;
  line.style.insetBlockStart = px(at, hours);
}

export function drawGhost(grid: HTMLElement, ghost: Ghost | null, hours: readonly [number, number]) {
  const box = piece(grid, "agenda-ghost");
  if (!box) return;
  box.hidden = ghost === null;
  if (!ghost) return;
  box.style.gridColumn = `${ghost.column + 1}`;
  box.style.insetBlockStart = px(ghost.minute, hours);
  box.style.blockSize = `${(ghost.minutes / SLOT_MINUTES) * SLOT_PX}px`;
  box.textContent = clockOf(ghost.minute);
  box.scrollIntoView({ block: "nearest", inline: "nearest" });
}
