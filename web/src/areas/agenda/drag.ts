/** A visit on its way to another time by the mouse; fingers scroll, and move it by its dialog. */
import { type Ghost, STEP } from "./ghost";
import { SLOT_MINUTES, SLOT_PX } from "./layer";
import { columnsAt } from "./painter";

const MEANT_PX = 5;

interface Follow {
  readonly grid: HTMLElement;
  /** The block under the pointer. */
  readonly element: HTMLElement;
  readonly from: Ghost;
  readonly hours: readonly [number, number];
  readonly moved: (ghost: Ghost) => void;
  /** Put down where it was last, once. */
  readonly put: () => void;
}

/** Follows the pointer from its press on; nothing is moved before it has gone a few pixels. */
export function followPointer(down: PointerEvent, { grid, element, from, hours, moved, put }: Follow): void {
  const grabbed = down.clientY - element.getBoundingClientRect().top;
  const ended = new AbortController();
  const { signal } = ended;
  let meant = false;
  const move = (event: PointerEvent) => {
    if (event.buttons === 0) return ended.abort();
    const far = Math.abs(event.clientX - down.clientX) + Math.abs(event.clientY - down.clientY);
    if (!meant && far < MEANT_PX) return;
    meant = true;
    const ghost = ghostAt(event, grid, from, grabbed, hours);
    if (ghost) moved(ghost);
  };
  const up = () => {
    ended.abort();
    if (!meant) return;
    // The press that ends it opens nothing.
    const once = new AbortController();
    const stop = (event: Event) => event.stopPropagation();
    grid.addEventListener("click", stop, { capture: true, signal: once.signal });
    setTimeout(() => once.abort());
    put();
  };
  window.addEventListener("pointermove", move, { signal });
  window.addEventListener("pointerup", up, { signal });
  window.addEventListener("pointercancel", () => ended.abort(), { signal });
}

function ghostAt(
  event: PointerEvent,
  grid: HTMLElement,
  from: Ghost,
  grabbed: number,
  hours: readonly [number, number],
): Ghost | null {
  const columns = columnsAt(grid);
  if (!columns) return null;
  const { box, count } = columns;
  const within = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
  const minutes = ((event.clientY - grabbed - box.top) / SLOT_PX) * SLOT_MINUTES;
  const minute = hours[0] * 60 + Math.round(minutes / STEP) * STEP;
  return {
    ...from,
    column: within(Math.floor((event.clientX - box.left) / box.width), 0, count - 1),
    minute: within(minute, hours[0] * 60, hours[1] * 60 - from.minutes),
  };
}
