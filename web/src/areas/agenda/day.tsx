import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../api/session";
import { MoveDialog, type Slot, useDirectory, usePractitioners } from "../../booking";
import { Button } from "../../ui/button";
import { Empty, Read, Strip } from "../../ui/state";
import { useNow } from "../../ui/timer";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { addDays, longDay, mondayOf, shortDay, timeOfDay, today } from "../../words/time";
import { dayIn, useAddress } from "./address";
import { blocksOf, type Column, columnsOfDay, hoursOf, movable, type Placed } from "./blocks";
import { BookAt } from "./book-at";
import { type Ghost, groundOf, placeOf } from "./ghost";
import { AgendaGrid } from "./grid";
import { AgendaList } from "./list";
import { type Agenda, useAgenda, type Visit } from "./queries";
import { Toolbar } from "./toolbar";
import { VisitDialog } from "./visit-dialog";
import { instantOf, later } from "./wall";
import { agendaWords } from "./words";

interface Props {
  readonly day: string | undefined;
  readonly week?: boolean;
  readonly practitioner?: string | undefined;
}

/** A day with a column for each practitioner, or the week of one with a column for each day. */
export function DayScreen({ day: asked, week = false, practitioner }: Props) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const address = useAddress();
  const { practitionerName } = useDirectory();
  const all = usePractitioners().data;
  const chosen = dayIn(asked) ?? today();
  const day = week ? mondayOf(chosen) : chosen;
  const who = week ? (practitioner ?? all?.[0]?.id ?? "") : address.practitioner;
  const pathOf = (to: string, person: string = who) =>
    week ? `/agenda/week/${person}/${to}` : `/agenda/day/${to}`;
  const name = practitionerName(who);
  return (
    <>
      <Title>
        {week ? words.titleWeek(name, longDay(day, language)) : words.titleDay(longDay(day, language))}
      </Title>
      {week && !who ? null : (
        <Shown
          key={week ? "week" : "day"}
          day={day}
          week={week}
          who={who}
          site={address.site}
          pathOf={pathOf}
        />
      )}
    </>
  );
}

interface ShownProps {
  readonly day: string;
  readonly week: boolean;
  readonly who: string;
  readonly site: string;
  readonly pathOf: (day: string, practitioner?: string) => string;
}

function Shown({ day, week, who, site, pathOf }: ShownProps) {
  const words = useWords(agendaWords);
  const people = usePractitioners();
  const agenda = useAgenda({
    day,
    days: week ? 7 : 1,
    ...(site ? { site } : {}),
    ...(who ? { practitioner: who } : {}),
  });
  const minute = useNow(60_000);
  const drawn = useMemo(() => {
    if (!agenda.data || !people.data) return null;
    // While another day is read the one before is still there, as the day that it is.
    const { day } = agenda.data;
    const columns = week ? columnsOfWeek(day, who, agenda.data) : columnsOfDay(agenda.data, people.data, day);
    const blocks = blocksOf(agenda.data, (person, at) => (week ? at : person), minute);
    return { columns, blocks, hours: hoursOf(agenda.data, blocks), conflicts: conflictsIn(agenda.data) };
  }, [agenda.data, people.data, week, who, minute]);
  const visits = drawn?.blocks.filter((each) => each.kind === "visit").length ?? 0;
  const free = drawn?.blocks.filter((each) => each.kind === "free").length ?? 0;
  return (
    <>
      <Toolbar
        day={day}
        week={week}
        practitioner={who}
        counts={drawn ? words.counts(visits, free) : ""}
        pathOf={pathOf}
      />
      <Read of={agenda} lines={12}>
        {() =>
          drawn ? (
            <Drawn {...drawn} stale={agenda.isPlaceholderData} day={day} week={week} pathOf={pathOf} />
          ) : null
        }
      </Read>
    </>
  );
}

function columnsOfWeek(monday: string, who: string, agenda: Agenda): readonly Column[] {
  const days = Array.from({ length: 7 }, (_, step) => addDays(monday, step));
  const used = new Set([
    ...agenda.openings.map((each) => each.local_date),
    ...agenda.visits.map((each) => each.start.slice(0, 10)),
  ]);
  // Saturday and Sunday only when something happens then.
  return days
    .filter((each, at) => at < 5 || used.has(each))
    .map((each) => ({ id: each, practitionerId: who, day: each }));
}

function conflictsIn(agenda: Agenda): number {
  return agenda.visits.filter(
    (each) => each.conflict && (each.status === "booked" || each.status === "pending"),
  ).length;
}

interface DrawnProps {
  readonly columns: readonly Column[];
  readonly blocks: readonly Placed[];
  readonly hours: readonly [number, number];
  readonly conflicts: number;
  readonly stale: boolean;
  readonly day: string;
  readonly week: boolean;
  readonly pathOf: (day: string) => string;
}

interface Moving {
  readonly visit: Visit;
  readonly slot?: Slot;
}

/** The day as a grid or a list, and what is opened from it: the same acts from both. */
function Drawn({ columns, blocks, hours, conflicts, stale, day, week, pathOf }: DrawnProps) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const address = useAddress();
  const { may } = useSession();
  const say = useToast();
  const { practitionerName, reasonLabel } = useDirectory();
  const [opened, setOpened] = useState<string | null>(null);
  const [booking, setBooking] = useState<Placed | null>(null);
  const [moving, setMoving] = useState<Moving | null>(null);
  const mayWrite = may("appointments:appointment.write");
  const visit = blocks.find((each) => each.kind === "visit" && each.id === opened);

  const open = (block: Placed) => {
    if (block.kind === "visit") setOpened(block.id);
    else if (block.kind === "free" && mayWrite) setBooking(block);
  };
  const moveTo = (block: Placed, column: Column, wall: string) => {
    if (!movable(block)) return;
    const start = instantOf(wall);
    if (start === new Date(block.start).toISOString() && column.id === block.column) return;
    const there = blocks.find(
      (each) => each.column === column.id && each.from <= wall && later(each.from, each.minutes) > wall,
    );
    const slot: Slot = {
      start,
      end: new Date(Date.parse(start) + block.minutes * 60_000).toISOString(),
      mode: block.visit.mode,
      site_id: there?.siteId ?? blocks.find((each) => each.column === column.id)?.siteId ?? block.siteId,
      practitioners: [column.practitionerId],
    };
    setMoving({ visit: block.visit, slot });
  };
  const spoken = (ghost: Ghost) => {
    const place = placeOf(ghost, columns);
    if (!place) return "";
    const start = instantOf(place.wall);
    const when = `${longDay(place.column.day, language)} ${timeOfDay(start, language)}`;
    const ground = words.ground[groundOf(ghost, place.column, blocks)];
    return words.standsAt(when, practitionerName(place.column.practitionerId), ground);
  };
  const headOf = (column: Column) =>
    week ? shortDay(column.day, language) : practitionerName(column.practitionerId);
  const empty = blocks.length === 0;
  return (
    <>
      {conflicts > 0 ? (
        <Strip
          state="warn"
          acts={
            may("appointments:schedule.write") ? (
              <Link href="/agenda/absences">{words.toAbsences}</Link>
            ) : null
          }
        >
          {words.conflicts(conflicts)}
        </Strip>
      ) : null}
      {empty ? (
        <Empty
          acts={
            <div className="row">
              <Button onClick={() => address.change({}, pathOf(addDays(day, week ? 7 : 1)))}>
                {week ? words.nextWeek : words.tomorrow}
              </Button>
              {may("appointments:schedule.write") ? (
                <Link href="/setup/schedules">{words.toSchedules}</Link>
              ) : null}
            </div>
          }
        >
          {week ? words.noOpeningWeek : words.noOpening}
        </Empty>
      ) : address.list ? (
        <AgendaList
          columns={columns}
          blocks={blocks}
          headOf={headOf}
          mayWrite={mayWrite}
          onOpen={open}
          onMove={(block) => movable(block) && setMoving({ visit: block.visit })}
        />
      ) : (
        <AgendaGrid
          label={words.gridLabel}
          columns={columns}
          headOf={headOf}
          blocks={blocks}
          stale={stale}
          hours={hours}
          reasonOf={reasonLabel}
          onOpen={open}
          onMove={moveTo}
          mayMove={mayWrite}
          say={spoken}
        />
      )}
      {visit?.kind === "visit" && !moving ? (
        <VisitDialog visit={visit.visit} onClose={() => setOpened(null)} />
      ) : null}
      {booking?.kind === "free" ? <BookAt block={booking} onClose={() => setBooking(null)} /> : null}
      {moving ? (
        <MoveDialog
          appointment={moving.visit}
          {...(moving.slot ? { initialSlot: moving.slot } : {})}
          onClose={() => setMoving(null)}
          onMoved={() => {
            setMoving(null);
            setOpened(null);
            say(words.moved);
          }}
        />
      ) : null}
    </>
  );
}
