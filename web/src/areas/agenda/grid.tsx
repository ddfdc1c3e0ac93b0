import "@event-calendar/core/index.css";
import type { Calendar } from "@event-calendar/core";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useNow } from "../../ui/timer";
import { useLanguage, useWords } from "../../words/language";
import { now } from "../../words/time";
import "./grid.css";
import { type Column, movable, type Placed } from "./blocks";
import { followPointer } from "./drag";
import { type Ghost, lifted, placeOf, stepped } from "./ghost";
import { blocksPlace, drawGhost, drawNow, GRID_DAY, SLOT_MINUTES, SLOT_PX } from "./layer";
import { blockIdAt, isButton, Painter } from "./painter";
import { clockOf, minuteOf, wallOf } from "./wall";
import { agendaWords } from "./words";

interface Props {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly headOf: (column: Column) => string;
  readonly blocks: readonly Placed[];
  /** Another day has been asked for: these are still the ones of before. */
  readonly stale: boolean;
  readonly hours: readonly [number, number];
  readonly reasonOf: (id: string) => string;
  readonly onOpen: (block: Placed) => void;
  /** A visit is to go to a column, at a wall time: nothing is done before it is confirmed. */
  readonly onMove: (block: Placed, column: Column, wall: string) => void;
  readonly mayMove: boolean;
  /** What the ghost stands on, to be said. */
  readonly say: (ghost: Ghost) => string;
}

/**
 * Columns of times. @event-calendar/core draws the frame (hours, heads, lines) and is told one neutral day; the blocks
 * are ours, placed by wall times of Paris: no zone of the machine, no clock change comes near them. Keys: arrows from
 * block to block, Enter opens, D lifts a visit, then arrows move it, Enter puts it down, Esc returns.
 */
export function AgendaGrid(props: Props) {
  const { columns, blocks, hours, reasonOf } = props;
  const words = useWords(agendaWords);
  const host = useRef<HTMLElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const calendar = useFrame(host, props);
  const [painter] = useState(() => new Painter());
  const [ghost, setGhost] = useState<Ghost | null>(null);
  const moving = useRef<Ghost | null>(null);
  moving.current = ghost;
  const focused = useRef<string | null>(null);
  const minute = useNow(30_000);

  useEffect(() => {
    const place = calendar && host.current ? blocksPlace(host.current) : null;
    if (!place || !host.current) return;
    painter.paint(place, columns, blocks, { hours, words, reasonOf });
    const stop = painter.stopAt(focused.current, blocks, wallOf(now()));
    // Without a block to stop at, who has no mouse still scrolls the hours.
    const scroller = host.current.querySelector<HTMLElement>(".ec-main");
    if (stop) scroller?.removeAttribute("tabindex");
    else scroller?.setAttribute("tabindex", "0");
  }, [calendar, painter, columns, blocks, hours, words, reasonOf]);
  useEffect(() => {
    if (calendar && host.current) drawNow(host.current, columns, hours, wallOf(minute));
  }, [calendar, columns, hours, minute]);
  useEffect(() => {
    if (host.current) drawGhost(host.current, ghost, hours);
  }, [ghost, hours]);

  const blockAt = (target: EventTarget) => {
    const id = blockIdAt(target);
    return id === null ? undefined : blocks.find((each) => each.id === id);
  };
  const open = (block: Placed | undefined) => {
    if (block && isButton(block)) props.onOpen(block);
  };
  const put = () => {
    const { blocks, columns, say, onMove } = latest.current;
    const there = moving.current;
    setGhost(null);
    const block = blocks.find((each) => each.id === there?.visitId);
    const place = there && placeOf(there, columns);
    if (block && place && say(there) !== "") onMove(block, place.column, place.wall);
  };
  const mayLift = (block: Placed) => props.mayMove && movable(block);

  const press = (event: KeyboardEvent) => {
    const did = (act: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    if (ghost) {
      const next = stepped(ghost, event.key, columns.length, hours);
      if (next) did(() => setGhost(next));
      else if (event.key === "Escape") did(() => setGhost(null));
      else if (event.key === "Enter") did(put);
      return;
    }
    const block = blockAt(event.target);
    if (!block || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") did(() => open(block));
    else if (event.key === "d" || event.key === "D") {
      if (mayLift(block)) did(() => setGhost(lifted(block, columns)));
    } else {
      const to = neighbour(blocks, columns, block, event.key);
      if (to) did(() => painter.stopAt(to.id, blocks, "")?.focus());
    }
  };
  const grab = (event: PointerEvent) => {
    const block = blockAt(event.target);
    const element = (event.target as HTMLElement).closest<HTMLElement>("[data-block]");
    if (event.button !== 0 || event.pointerType === "touch" || !block || !element || !host.current) return;
    if (!mayLift(block)) return;
    const from = lifted(block, columns);
    const moved = (to: Ghost) => setGhost(to);
    followPointer(event.nativeEvent, { grid: host.current, element, from, hours, moved, put });
  };

  return (
    <div className="agenda-grid-frame">
      <p className="visually-hidden" role="status" aria-live="assertive">
        {ghost ? props.say(ghost) : ""}
      </p>
      {ghost ? <p className="agenda-moving">{words.movingHelp(props.say(ghost))}</p> : null}
      <section
        ref={host}
        aria-label={props.label}
        className="agenda-grid"
        data-moving={ghost !== null}
        data-day={columns[0]?.day}
        aria-busy={props.stale}
        onClick={(event) => open(blockAt(event.target))}
        onPointerDown={grab}
        onKeyDown={press}
        onFocusCapture={(event) => {
          const id = blockIdAt(event.target);
          if (id === null) return;
          focused.current = id;
          painter.stopAt(id, blocks, "");
        }}
        onBlurCapture={(event) => {
          if (ghost && !host.current?.contains(event.relatedTarget)) setGhost(null);
        }}
      />
    </div>
  );
}

/** The library's frame in the host; null until it stands. Only a change of heads or hours draws it anew. */
function useFrame(host: { readonly current: HTMLElement | null }, { columns, hours, headOf }: Props) {
  const [calendar, setCalendar] = useState<Calendar | null>(null);
  const { language } = useLanguage();
  const heads = JSON.stringify(columns.map((each) => headOf(each)));

  useEffect(() => {
    const target = host.current;
    if (!target) return;
    let destroy = () => {};
    let gone = false;
    void import("@event-calendar/core").then(({ createCalendar, destroyCalendar, ResourceTimeGrid }) => {
      if (gone) return;
      const made = createCalendar(target, [ResourceTimeGrid], OPTIONS);
      destroy = () => void destroyCalendar(made);
      setCalendar(made);
    });
    return () => {
      gone = true;
      destroy();
    };
  }, [host]);

  useEffect(() => {
    if (!calendar) return;
    calendar.setOption("slotMinTime", clockOf(hours[0] * 60));
    calendar.setOption("slotMaxTime", clockOf(hours[1] * 60));
    // An hour before now is on top, or the first hour.
    const first = Math.max(hours[0] * 60, minuteOf(wallOf(now())) - 60);
    calendar.setOption("scrollTime", clockOf(Math.min(first, (hours[1] - 2) * 60)));
  }, [calendar, hours[0], hours[1]]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of language draws anew
  useEffect(() => {
    if (!calendar) return;
    const titles: string[] = JSON.parse(heads);
    // By their places: a day with as many columns as the one before changes the heads alone.
    calendar.setOption(
      "resources",
      titles.map((title, index) => ({ id: String(index), title })),
    );
    const drawn = requestAnimationFrame(() => host.current && withoutTable(host.current));
    return () => cancelAnimationFrame(drawn);
  }, [calendar, heads, language, host]);
  return calendar;
}

/** The library says table, row and cell of what holds none: the list is the table, this is a place of buttons. */
function withoutTable(grid: HTMLElement): void {
  for (const each of grid.querySelectorAll(".ec[role], .ec [role]:not([data-block])"))
    each.removeAttribute("role");
  for (const name of ["aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount"])
    for (const each of grid.querySelectorAll(`[${name}]`)) each.removeAttribute(name);
}

const OPTIONS: Calendar.Options = {
  view: "resourceTimeGridDay",
  date: GRID_DAY,
  headerToolbar: { start: "", center: "", end: "" },
  allDaySlot: false,
  slotDuration: `00:${SLOT_MINUTES}:00`,
  slotHeight: SLOT_PX,
  slotLabelInterval: "01:00:00",
  slotLabelFormat: (time) => `${time.getHours()}\u00a0h`,
  columnWidth: "minmax(132px, 1fr)",
  height: "100%",
  nowIndicator: false,
  events: [],
  resources: [],
};

/** The block that an arrow leads to: the next in its column, or the nearest in time of the column beside. */
function neighbour(blocks: readonly Placed[], columns: readonly Column[], from: Placed, key: string) {
  const shown = blocks.filter((each) => each.kind === "visit" || each.kind === "free");
  if (key === "ArrowDown" || key === "ArrowUp") {
    const own = shown.filter((each) => each.column === from.column);
    return own[own.findIndex((each) => each.id === from.id) + (key === "ArrowDown" ? 1 : -1)];
  }
  if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
  const step = key === "ArrowRight" ? 1 : -1;
  let at = columns.findIndex((each) => each.id === from.column) + step;
  for (; columns[at]; at += step) {
    const beside = shown.filter((each) => each.column === columns[at]?.id);
    const gap = (each: Placed) => Math.abs(minuteOf(each.from) - minuteOf(from.from));
    if (beside.length > 0) return beside.reduce((best, each) => (gap(each) < gap(best) ? each : best));
  }
  return undefined;
}
