import "@event-calendar/core/index.css";
import type { Calendar } from "@event-calendar/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useNow } from "../../ui/timer";
import { useLanguage, useWords } from "../../words/language";
import { now } from "../../words/time";
import "./grid.css";
import { type Column, movable, type Placed } from "./blocks";
import { blockNodes, blockState } from "./drawing";
import { type Ghost, lifted, placeOf, stepped } from "./ghost";
import { drawGhost, drawNow, GRID_DAY, SLOT_MINUTES, SLOT_PX, wallInGrid } from "./layer";
import { clockOf, minuteOf, wallOf } from "./wall";
import { agendaWords } from "./words";

interface Props {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly headOf: (column: Column) => string;
  readonly blocks: readonly Placed[];
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
 * Columns of times around @event-calendar/core, which is told wall times of Paris on one neutral day: no zone of the
 * machine, no clock change comes near it. Keys: arrows from block to block, Enter opens, D lifts a visit, then arrows
 * move it, Enter puts it down, Esc returns.
 */
export function AgendaGrid(props: Props) {
  const { columns, blocks, hours } = props;
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const host = useRef<HTMLElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [calendar, setCalendar] = useState<Calendar | null>(null);
  const [ghost, setGhost] = useState<Ghost | null>(null);
  const focused = useRef<string | null>(null);
  const minute = useNow(30_000);

  useEffect(() => {
    const target = host.current;
    if (!target) return;
    let made: Calendar | null = null;
    let gone = false;
    void import("@event-calendar/core").then(
      ({ createCalendar, destroyCalendar, Interaction, ResourceTimeGrid }) => {
        if (gone) return;
        made = createCalendar(
          target,
          [ResourceTimeGrid, Interaction],
          optionsOf(latest, () => rove(target, focused)),
        );
        destroy = () => void destroyCalendar(made as Calendar);
        setCalendar(made);
      },
    );
    let destroy = () => {};
    return () => {
      gone = true;
      destroy();
    };
  }, []);

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
    calendar?.setOption(
      "resources",
      columns.map((each) => ({ id: each.id, title: latest.current.headOf(each) })),
    );
  }, [calendar, columns, language]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of language draws anew
  useEffect(() => {
    calendar?.setOption("events", eventsOf(latest.current, words));
  }, [calendar, blocks, words, props.mayMove]);
  // The library does not say that it has drawn nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: blocks are what it draws
  useEffect(() => {
    if (calendar && host.current) rove(host.current, focused);
  }, [calendar, blocks]);
  useEffect(() => {
    if (calendar && host.current) drawNow(host.current, columns, hours, wallOf(minute));
  }, [calendar, columns, hours, minute]);
  useEffect(() => {
    if (host.current) drawGhost(host.current, ghost, hours);
  }, [ghost, hours]);

  const press = (event: KeyboardEvent) => {
    const grid = host.current;
    if (!grid) return;
    const stop = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (ghost) {
      const next = stepped(ghost, event.key, columns.length, hours);
      if (next) {
        stop();
        setGhost(next);
      } else if (event.key === "Escape") {
        stop();
        setGhost(null);
      } else if (event.key === "Enter") {
        stop();
        const block = blocks.find((each) => each.id === ghost.visitId);
        const place = placeOf(ghost, columns);
        setGhost(null);
        if (block && place && latest.current.say(ghost) !== "") props.onMove(block, place.column, place.wall);
      }
      return;
    }
    const block = blocks.find((each) => each.id === focused.current);
    if (!block) return;
    if ((event.key === "d" || event.key === "D") && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (!props.mayMove || !movable(block)) return;
      stop();
      setGhost(lifted(block, columns));
      return;
    }
    const to = neighbour(blocks, columns, block, event.key);
    if (!to) return;
    stop();
    focused.current = to.id;
    rove(grid, focused)?.focus();
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
        onKeyDownCapture={press}
        onFocusCapture={(event) => {
          const id = idOf(event.target);
          if (id) focused.current = id;
        }}
        onBlurCapture={(event) => {
          if (ghost && !host.current?.contains(event.relatedTarget)) setGhost(null);
        }}
      />
    </div>
  );
}

type Latest = { readonly current: Props };
const CLASS = "agenda-b-";

function idOf(target: EventTarget): string | null {
  if (!(target instanceof HTMLElement)) return null;
  const name = [...target.classList].find((each) => each.startsWith(CLASS));
  return name ? name.slice(CLASS.length) : null;
}

/** One stop of Tab for the whole grid: the block that had the focus last, else the first of now. */
function rove(grid: HTMLElement, focused: { current: string | null }): HTMLElement | null {
  const all = [...grid.querySelectorAll<HTMLElement>("article.ec-event[role=button]")];
  let found = all.find(
    (each) => focused.current !== null && each.classList.contains(CLASS + focused.current),
  );
  found ??= all[0];
  for (const each of all) each.tabIndex = each === found ? 0 : -1;
  // Without a block to stop at, who has no mouse still scrolls the hours.
  const scroller = grid.querySelector<HTMLElement>(".ec-main");
  if (scroller && found) scroller.removeAttribute("tabindex");
  else if (scroller) scroller.tabIndex = 0;
  // The library says table, row and cell of what holds none: the list is the table, this is a place of buttons.
  for (const each of grid.querySelectorAll(".ec[role], .ec [role]:not(article)"))
    each.removeAttribute("role");
  for (const name of ["aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount"])
    for (const each of grid.querySelectorAll(`[${name}]`)) each.removeAttribute(name);
  return found ?? null;
}

function optionsOf(latest: Latest, drawn: () => void): Calendar.Options {
  const blockOf = (id: string | number) => latest.current.blocks.find((each) => each.id === String(id));
  return {
    view: "resourceTimeGridDay",
    date: GRID_DAY,
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: false,
    slotDuration: `00:${SLOT_MINUTES}:00`,
    slotHeight: SLOT_PX,
    slotLabelInterval: "01:00:00",
    slotLabelFormat: (time) => `${time.getHours()}\u00a0h`,
    snapDuration: "00:05:00",
    slotEventOverlap: false,
    columnWidth: "minmax(132px, 1fr)",
    height: "100%",
    nowIndicator: false,
    eventDurationEditable: false,
    eventStartEditable: true,
    events: [],
    resources: [],
    eventClick: ({ event }) => {
      const block = blockOf(event.id);
      if (block && (block.kind === "visit" || block.kind === "free")) latest.current.onOpen(block);
    },
    eventContent: ({ event }) => ({ domNodes: (event.extendedProps.nodes as () => Node[])() }),
    eventDrop: ({ event, newResource, delta, revert }) => {
      revert();
      const block = blockOf(event.id);
      const to = newResource?.id ?? block?.column;
      const column = latest.current.columns.find((each) => each.id === to);
      if (!block || !column) return;
      const at = minuteOf(block.from) + Math.round(delta.seconds / 60);
      latest.current.onMove(block, column, `${column.day}T${clockOf(at)}:00`);
    },
    eventAllUpdated: drawn,
  };
}

function eventsOf(props: Props, words: (typeof agendaWords)["fr"]): Calendar.EventInput[] {
  return props.blocks.map((block) => ({
    id: block.id,
    resourceId: block.column,
    ...wallInGrid(block.from, block.minutes),
    display: block.kind === "closed" ? "background" : "auto",
    startEditable: props.mayMove && movable(block),
    className: ["agenda-block", `agenda-${blockState(block)}`, CLASS + block.id],
    extendedProps: { nodes: () => blockNodes(block, words, props.reasonOf) },
  }));
}

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
