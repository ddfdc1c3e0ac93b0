/** What lies over the grid without being one of its blocks: the line of now, and a visit on its way. */
import type { Column } from "./blocks";
import type { Ghost } from "./ghost";
import { clockOf, minuteOf } from "./wall";

/** The neutral day that the grid is told: in no zone does its clock change. */
export const GRID_DAY = "2001-01-15";
export const SLOT_MINUTES = 20;
export const SLOT_PX = 34;

/** Where the frame wants what lies over its columns. */
export function blocksPlace(grid: HTMLElement): HTMLElement | null {
  return grid.querySelector<HTMLElement>(".ec-body .ec-events");
}

function piece(grid: HTMLElement, name: string): HTMLElement | null {
  const events = blocksPlace(grid);
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
