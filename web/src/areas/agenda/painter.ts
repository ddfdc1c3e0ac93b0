import type { Column, Placed } from "./blocks";
import { blockState, blockWords } from "./drawing";
import { type Lane, lanesOf } from "./lanes";
import { SLOT_MINUTES, SLOT_PX } from "./layer";
import { minuteOf } from "./wall";
import type { AgendaWords } from "./words";

export interface Look {
  readonly hours: readonly [number, number];
  readonly words: AgendaWords;
  readonly reasonOf: (id: string) => string;
}

interface Drawn {
  readonly element: HTMLElement;
  said: string;
}

/** One that is shorter is still readable. */
const LEAST_MINUTES = 10;
const COLUMN = "agenda-column";

/**
 * The blocks of a grid, made by hand: several hundred are drawn at once, and a change draws the ones that it concerns.
 * A block that stays keeps its element, and with it the focus.
 */
export class Painter {
  private readonly columns = new Map<string, HTMLElement>();
  private readonly drawn = new Map<string, Drawn>();
  private stop: HTMLElement | null = null;

  /** `place`: a CSS grid with a column for each of `columns`. */
  paint(place: HTMLElement, columns: readonly Column[], blocks: readonly Placed[], look: Look): void {
    const own = new Map<string, Placed[]>(columns.map((each) => [each.id, []]));
    const kept = new Set<string>();
    for (const block of blocks) {
      const list = own.get(block.column);
      if (list) kept.add(block.id);
      list?.push(block);
    }
    for (const [id, { element }] of this.drawn) {
      if (kept.has(id)) continue;
      element.remove();
      this.drawn.delete(id);
    }
    for (const [id, element] of this.columns) {
      if (own.has(id)) continue;
      element.remove();
      this.columns.delete(id);
    }
    columns.forEach((column, index) => {
      const box = this.columns.get(column.id) ?? madeOf("div", COLUMN);
      this.columns.set(column.id, box);
      box.style.gridColumn = `${index + 1}`;
      this.fill(box, own.get(column.id) ?? [], look);
      if (place.children[index] !== box) place.insertBefore(box, place.children[index] ?? null);
    });
  }

  /** One stop of Tab for the whole grid. Without a block of this id, the first that is not over. */
  stopAt(id: string | null, blocks: readonly Placed[], wall: string): HTMLElement | null {
    const shown = blocks.filter((each) => isButton(each) && this.drawn.has(each.id));
    const found = shown.find((each) => each.id === id) ?? shown.find((each) => each.to > wall) ?? shown[0];
    if (this.stop) this.stop.tabIndex = -1;
    this.stop = (found && this.drawn.get(found.id)?.element) ?? null;
    if (this.stop) this.stop.tabIndex = 0;
    return this.stop;
  }

  private fill(box: HTMLElement, blocks: readonly Placed[], look: Look): void {
    const beside = blocks.filter((each) => each.kind !== "closed");
    const lanes = lanesOf(
      beside.map((each) => {
        const start = minuteOf(each.from);
        return { start, end: start + Math.max(LEAST_MINUTES, each.minutes) };
      }),
    );
    const laneOf = new Map(beside.map((each, index) => [each.id, lanes[index]]));
    // What is closed lies under the rest.
    const order = [...blocks.filter((each) => each.kind === "closed"), ...beside];
    let next = box.firstElementChild;
    for (const block of order) {
      const element = this.block(block, laneOf.get(block.id), look);
      if (element === next) next = next.nextElementSibling;
      else box.insertBefore(element, next);
    }
  }

  private block(block: Placed, lane: Lane | undefined, look: Look): HTMLElement {
    const [time, name, what] = blockWords(block, look.words, look.reasonOf);
    const kind =
      block.kind === "closed"
        ? ""
        : block.minutes < SLOT_MINUTES
          ? "agenda-block agenda-short "
          : "agenda-block ";
    const className = `${kind}agenda-${blockState(block)}`;
    const place = placeOf(block, lane, look.hours);
    const said = [className, place, time, name, what].join("\n");
    const known = this.drawn.get(block.id);
    if (known?.said === said) return known.element;
    const element = known?.element ?? emptyBlock(block);
    element.className = className;
    element.style.cssText = place;
    const [first, second, third] = element.children;
    if (first) first.textContent = time;
    if (second) second.textContent = name;
    if (third) third.textContent = what;
    if (known) known.said = said;
    else this.drawn.set(block.id, { element, said });
    return element;
  }
}

export function isButton(block: Placed): boolean {
  return block.kind === "visit" || block.kind === "free";
}

/** The id of the block that something lies in. */
export function blockIdAt(target: EventTarget | null): string | null {
  const found = target instanceof Element ? target.closest<HTMLElement>("[data-block]") : null;
  return found?.dataset.block ?? null;
}

/** The first column as it lies now, scrolled or not, and how many there are. All are as wide. */
export function columnsAt(grid: HTMLElement): { box: DOMRect; count: number } | null {
  const all = grid.getElementsByClassName(COLUMN);
  const first = all[0];
  return first ? { box: first.getBoundingClientRect(), count: all.length } : null;
}

function placeOf(block: Placed, lane: Lane | undefined, hours: readonly [number, number]): string {
  const start = Math.max(minuteOf(block.from), hours[0] * 60);
  const end = Math.min(minuteOf(block.from) + Math.max(LEAST_MINUTES, block.minutes), hours[1] * 60);
  const px = (minutes: number) => (minutes / SLOT_MINUTES) * SLOT_PX;
  const share = 100 / (lane?.of ?? 1);
  const across = `inset-inline-start:${share * (lane?.at ?? 0)}%;inline-size:calc(${share}% - 2px)`;
  return `top:${px(start - hours[0] * 60)}px;height:${Math.max(0, px(end - start))}px;${lane ? across : "inset-inline:0"}`;
}

function madeOf(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

let blank: HTMLElement | null = null;

function emptyBlock(block: Placed): HTMLElement {
  if (!blank) {
    blank = madeOf("div", "");
    const parts = ["agenda-time", "agenda-name", "agenda-what"].map((each) => madeOf("span", each));
    blank.append(...parts.flatMap((each) => [each, " "]));
  }
  const made = blank.cloneNode(true) as HTMLElement;
  if (isButton(block)) {
    made.setAttribute("role", "button");
    made.tabIndex = -1;
  }
  made.dataset.block = block.id;
  return made;
}
