import { OctagonAlert } from "lucide-react";
import { Empty, Read, Strip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useNow } from "../../ui/timer";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { duration, stopwatch, timeOfDay } from "../../words/time";
import { percent } from "./figures";
import { gradeOfLevel, gradeOfWait } from "./floor-figures";
import { Graded } from "./graded";
import { type Board, type Line, useBoard } from "./queries";
import { Queue } from "./queue";
import { Seats } from "./seats";
import { Settle } from "./settle";
import { supervisionWords } from "./words";

/** The floor now: what burns, who waits, who can answer, what was left undone. */
export function Floor() {
  const words = useWords(supervisionWords);
  const board = useBoard();
  return (
    <>
      <Title>{words.title}</Title>
      <Read of={board} lines={8}>
        {(data) => (
          <>
            <Alarms board={data} />
            {data.lines.length ? <Lines lines={data.lines} /> : <Empty>{words.noLine}</Empty>}
            <div className="supervision-columns">
              <Seats board={data} />
              <div className="stack">
                <Queue board={data} />
                <Settle board={data} />
              </div>
            </div>
          </>
        )}
      </Read>
    </>
  );
}

function Alarms({ board }: { readonly board: Board }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const open = board.callbacks.reduce((sum, each) => sum + each.open, 0);
  const late = board.callbacks.reduce((sum, each) => sum + each.late, 0);
  return (
    <>
      {board.red_flags.length ? (
        <p className="supervision-stop" role="status">
          <OctagonAlert size={24} aria-hidden="true" />
          {words.redFlags(board.red_flags.length)}
        </p>
      ) : null}
      {board.adapters_down.map((each) => (
        <Strip key={each.id} state="danger" role="status">
          {words.adapterKinds[each.kind]} : {words.down}. {words.cutSince(timeOfDay(each.since, language))}
        </Strip>
      ))}
      {open ? <Strip state={late ? "warn" : "info"}>{words.callbacksOf(open, late)}</Strip> : null}
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const at = useNow().getTime();
  const waits = (line: Line) =>
    line.waits_since ? Math.max(0, (at - Date.parse(line.waits_since)) / 1000) : 0;
  const level = (name: "sl_answered" | "sl_with_abandons" | "sl_offered") => ({
    id: name,
    head: (
      <>
        {words.levels[name]} <code className="supervision-code">{name}</code>
      </>
    ),
    cell: (line: Line) => (
      <>
        <Graded grade={gradeOfLevel(line.half_hour[name], line.sl_goal)}>
          {line.half_hour[name] === null ? "–" : percent(line.half_hour[name])}
        </Graded>
        <span className="muted small supervision-day">
          {words.today} : {line.day[name] === null ? "–" : percent(line.day[name])}
        </span>
      </>
    ),
  });
  return (
    <DataTable
      caption={`${words.lines} · ${words.lastHalfHour}`}
      rows={lines}
      keyOf={(line) => line.id}
      columns={[
        {
          id: "name",
          head: words.line,
          cell: (line) => (
            <>
              {line.name}
              <span className="muted small supervision-day">
                {line.open
                  ? line.until
                    ? words.openUntil(timeOfDay(line.until, language))
                    : words.openAlways
                  : line.until
                    ? words.closedUntil(timeOfDay(line.until, language))
                    : words.closed}
              </span>
            </>
          ),
        },
        { id: "waiting", head: words.waiting, number: true, cell: (line) => line.waiting },
        {
          id: "longest",
          head: words.longest,
          cell: (line) => (
            <Graded grade={line.waiting ? gradeOfWait(waits(line), line.sl_threshold_s) : null}>
              {line.waiting ? stopwatch(waits(line)) : "–"}
            </Graded>
          ),
        },
        {
          id: "announced",
          head: words.announced,
          cell: (line) => (line.estimate_s === null ? "–" : duration(line.estimate_s)),
        },
        { id: "ready", head: words.agentsReady, cell: (line) => `${line.ready} / ${line.agents}` },
        level("sl_answered"),
        level("sl_with_abandons"),
        level("sl_offered"),
        {
          id: "abandoned",
          head: words.abandoned,
          number: true,
          cell: (line) => `${line.half_hour.abandoned} · ${line.day.abandoned}`,
        },
      ]}
    />
  );
}
