import { CircleCheck, OctagonAlert, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useLayoutEffect } from "react";
import { useLive } from "../../live/live";
import { Read } from "../../ui/state";
import { useNow } from "../../ui/timer";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { clockTime, duration, stopwatch, timeOfDay } from "../../words/time";
import { percent } from "./figures";
import {
  announced,
  firstSince,
  type Grade,
  gradeOfCount,
  gradeOfLevel,
  gradeOfWait,
  late,
  SEAT_STATES,
  seats,
  together,
} from "./floor-figures";
import { type Board, type Levels, useBoard } from "./queries";
import { supervisionWords } from "./words";
import "./wall.css";

const SHAPES = { ok: CircleCheck, warn: TriangleAlert, danger: OctagonAlert };
const LEVELS = ["sl_answered", "sl_with_abandons", "sl_offered"] as const;
const MUCH = 3;

/** A screen on the wall, read from five metres: figures, words and shapes; nothing of any patient. Always dark. */
export default function Wall() {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const board = useBoard();
  const { connection, since } = useLive();
  const at = useNow();
  useDark();
  return (
    <main className="wall" data-stale={connection !== "live"}>
      <header className="wall-head">
        <Title>{words.wallTitle}</Title>
        {connection === "live" ? null : (
          <p className="wall-cut" role="status">
            <TriangleAlert size={32} aria-hidden="true" />
            {words.wallStale(since ? clockTime(since, language) : "")}
          </p>
        )}
        <p className="wall-clock">{timeOfDay(at, language)}</p>
      </header>
      <Read of={board}>{(data) => <Figures board={data} at={at} />}</Read>
    </main>
  );
}

/** The theme is a matter of the room here: it is put back when the wall is left. */
function useDark(): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    const dark = () => {
      if (root.dataset.theme !== "dark") root.dataset.theme = "dark";
    };
    dark();
    const kept = new MutationObserver(dark);
    kept.observe(root, { attributeFilter: ["data-theme"] });
    return () => {
      kept.disconnect();
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const chosen = localStorage.getItem("maillage.theme");
      root.dataset.theme = chosen === "light" || chosen === "dark" ? chosen : system;
    };
  }, []);
  useEffect(() => {
    // A wall is not to fall asleep; where the browser cannot promise that, the room's screen must be set so.
    let lock: WakeLockSentinel | undefined;
    navigator.wakeLock?.request("screen").then(
      (held) => {
        lock = held;
      },
      () => {},
    );
    return () => void lock?.release();
  }, []);
}

function Figures({ board, at }: { readonly board: Board; readonly at: Date }) {
  const words = useWords(supervisionWords);
  const { lines, red_flags: flags } = board;
  const first = firstSince(lines);
  const longest = first ? Math.max(0, (at.getTime() - Date.parse(first)) / 1000) : 0;
  const threshold = Math.min(...lines.map((line) => line.sl_threshold_s), 600);
  const goal = Math.max(...lines.map((line) => line.sl_goal), 0);
  const waiting = lines.reduce((sum, line) => sum + line.waiting, 0);
  const ready = lines.reduce((sum, line) => sum + line.ready, 0);
  const told = announced(lines);
  const counted = seats(board.agents);
  const due = late(board);
  return (
    <>
      {flags.length ? (
        <p className="wall-flags" role="status">
          <OctagonAlert size={72} aria-hidden="true" />
          {words.redFlags(flags.length)}
        </p>
      ) : null}
      {board.adapters_down.length ? (
        <p className="wall-flags" role="status">
          <OctagonAlert size={72} aria-hidden="true" />
          {words.phoneDown}
        </p>
      ) : null}
      <section className="wall-now" aria-label={words.now}>
        <Figure name={words.waiting} grade={first ? gradeOfWait(longest, threshold) : "ok"}>
          {waiting}
        </Figure>
        <Figure name={words.longest} grade={first ? gradeOfWait(longest, threshold) : "ok"}>
          {first ? stopwatch(longest) : "0:00"}
        </Figure>
        <Figure name={words.announced}>{told === null ? "–" : duration(told)}</Figure>
        <Figure name={words.freeSeats} grade={waiting > 0 && ready === 0 ? "danger" : null}>
          {ready}
        </Figure>
        <Figure name={words.lateCallbacks} grade={gradeOfCount(due.callbacks, MUCH)}>
          {due.callbacks}
        </Figure>
        <Figure name={words.lateUrgent} grade={gradeOfCount(due.urgent, 1)}>
          {due.urgent}
        </Figure>
      </section>
      <div className="wall-below">
        <LevelsTable
          day={together(lines, "day")}
          half={together(lines, "half_hour")}
          goal={goal}
          threshold={threshold}
        />
        <section className="wall-seats" aria-label={words.seats}>
          <h2>{words.seats}</h2>
          <dl>
            {SEAT_STATES.map((state) => (
              <div key={state}>
                <dt>{words.seatStates[state]}</dt>
                <dd>{counted[state]}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </>
  );
}

function Figure({
  name,
  grade = null,
  children,
}: {
  readonly name: string;
  readonly grade?: Grade | null;
  readonly children: ReactNode;
}) {
  return (
    <div className="wall-figure" data-state={grade ?? "none"}>
      <h2>{name}</h2>
      <p>
        {children}
        <Grading grade={grade} />
      </p>
    </div>
  );
}

/** Amber and red by word and shape too; what is well says nothing. */
function Grading({ grade }: { readonly grade: Grade | null }) {
  const words = useWords(supervisionWords);
  if (grade === null || grade === "ok") return null;
  const Icon = SHAPES[grade];
  return (
    <span className="wall-grade">
      <Icon size={36} aria-hidden="true" />
      {words.grades[grade]}
    </span>
  );
}

function LevelsTable({
  day,
  half,
  goal,
  threshold,
}: {
  day: Levels;
  half: Levels;
  goal: number;
  threshold: number;
}) {
  const words = useWords(supervisionWords);
  const cell = (level: number | null) => {
    const grade = gradeOfLevel(level, goal);
    return (
      <td data-state={grade ?? "none"}>
        {level === null ? "–" : percent(level)} <Grading grade={grade} />
      </td>
    );
  };
  return (
    <table className="wall-levels">
      <caption>{words.levelsWithin(threshold, percent(goal))}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{words.lastHalfHour}</th>
          <th scope="col">{words.today}</th>
        </tr>
      </thead>
      <tbody>
        {LEVELS.map((name) => (
          <tr key={name}>
            <th scope="row">
              {words.levels[name]} <code>{name}</code>
            </th>
            {cell(half[name])}
            {cell(day[name])}
          </tr>
        ))}
        <tr>
          <th scope="row">{words.abandoned}</th>
          <td>{half.abandoned}</td>
          <td>{day.abandoned}</td>
        </tr>
      </tbody>
    </table>
  );
}
