/** What an agenda holds, as columns and blocks: what the grid draws and the list reads out. No React, no zone. */
import type { Agenda, Held, Opening, Practitioner, Visit } from "./queries";
import { later, minuteOf, minutesBetween, wallOf } from "./wall";

export type Block =
  | { readonly kind: "visit"; readonly visit: Visit }
  | { readonly kind: "free"; readonly opening: Opening }
  | { readonly kind: "hold"; readonly hold: Held }
  | { readonly kind: "closed"; readonly opening: Opening };

export type Placed = Block & {
  readonly id: string;
  /** The column: a practitioner of the day, or a day of the week. */
  readonly column: string;
  readonly practitionerId: string;
  readonly siteId: string;
  readonly start: string;
  readonly minutes: number;
  /** Wall times of Paris. */
  readonly from: string;
  readonly to: string;
};

export interface Column {
  readonly id: string;
  readonly practitionerId: string;
  readonly day: string;
}

/** A free run is cut into the times one gives: its step, else the usual 20 minutes; the rest that is left is one too. */
export function timesOf(
  start: string,
  end: string,
  step: number,
): readonly { start: string; minutes: number }[] {
  const times: { start: string; minutes: number }[] = [];
  for (let at = Date.parse(start); at < Date.parse(end); at += step * 60_000) {
    const from = new Date(at).toISOString();
    times.push({ start: from, minutes: Math.min(step, minutesBetween(from, end)) });
  }
  return times;
}

const USUAL_STEP = 20;

/** By column, then by start: the order in which keys walk. */
export function blocksOf(agenda: Agenda, columnOf: (practitioner: string, day: string) => string, now: Date) {
  const placed: Placed[] = [];
  const put = (block: Block, id: string, who: string, site: string, start: string, minutes: number) => {
    const from = wallOf(start);
    const column = columnOf(who, from.slice(0, 10));
    const to = later(from, minutes);
    placed.push({ ...block, id, column, practitionerId: who, siteId: site, start, minutes, from, to });
  };
  for (const visit of agenda.visits) {
    const minutes = minutesBetween(visit.start, visit.end);
    put({ kind: "visit", visit }, visit.id, visit.practitioner_id, visit.site_id, visit.start, minutes);
  }
  for (const hold of agenda.holds) {
    const minutes = minutesBetween(hold.start, hold.end);
    put({ kind: "hold", hold }, hold.id, hold.practitioner_id, hold.site_id, hold.start, minutes);
  }
  for (const opening of agenda.openings) {
    const { practitioner_id: who, site_id: site } = opening;
    for (const span of opening.closed) {
      const id = `closed-${opening.schedule_id}-${span.start}`;
      put({ kind: "closed", opening }, id, who, site, span.start, minutesBetween(span.start, span.end));
    }
    if (opening.kind === "admin") continue;
    for (const run of opening.free) {
      for (const time of timesOf(run.start, run.end, opening.step_minutes ?? USUAL_STEP)) {
        if (Date.parse(time.start) + time.minutes * 60_000 <= now.getTime()) continue;
        const id = `free-${who}-${time.start}`;
        put({ kind: "free", opening }, id, who, site, time.start, time.minutes);
      }
    }
  }
  // By the wall: instants come with one offset or the other, and do not sort as words.
  return placed.sort((a, b) => (a.from === b.from ? (a.id < b.id ? -1 : 1) : a.from < b.from ? -1 : 1));
}

/** Whoever works or is expected on the day, by name. */
export function columnsOfDay(agenda: Agenda, practitioners: readonly Practitioner[], day: string) {
  const present = new Set([
    ...agenda.openings.map((each) => each.practitioner_id),
    ...agenda.visits.map((each) => each.practitioner_id),
  ]);
  return practitioners
    .filter((each) => present.has(each.id))
    .map((each): Column => ({ id: each.id, practitionerId: each.id, day }));
}

/** The hours to draw, whole ones: everything that is open or happens, 8 to 19 h at least. */
export function hoursOf(agenda: Agenda, blocks: readonly Placed[]): readonly [number, number] {
  const starts = [...blocks.map((each) => minuteOf(each.from))];
  const ends = blocks.map((each) => minuteOf(each.from) + each.minutes);
  for (const opening of agenda.openings) {
    starts.push(minuteOf(wallOf(opening.start)));
    ends.push(minuteOf(wallOf(opening.start)) + minutesBetween(opening.start, opening.end));
  }
  const first = Math.floor(Math.min(8 * 60, ...starts) / 60);
  const last = Math.min(24, Math.ceil(Math.max(19 * 60, ...ends) / 60));
  return [first, last];
}

/** Whether a block may still be given another time. */
export function movable(block: Placed): block is Placed & { kind: "visit"; visit: Visit } {
  return block.kind === "visit" && (block.visit.status === "booked" || block.visit.status === "pending");
}
