import { useEffect, useRef, useState } from "react";
import { body as answer, api } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Badge, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import type { ActProps } from "./act";
import { Big } from "./commands";
import {
  allFree,
  body,
  type Count,
  countedOf,
  type GapReason,
  type Line,
  NOTHING,
  named,
  open,
  plus,
  scanned,
} from "./counting";
import type { Station } from "./use-station";
import { stationWords } from "./words";

const REASONS: readonly GapReason[] = ["missing", "in_repair", "broken", "withdrawn"];

/** The set in hand is the last one scanned that may be worked on; its instruments tick up by scan or by touch. */
export function Assembly({ station }: ActProps) {
  const set = station.recent.find((item) => (item.result?.count?.length ?? 0) > 0);
  const run = set?.result?.subject?.id;
  if (!set?.result || !run || set.result.good === false) return null;
  return <Counting key={set.id} run={run} lines={set.result.count ?? []} since={set.id} station={station} />;
}

interface Props {
  readonly run: string;
  readonly lines: readonly Line[];
  readonly since: number;
  readonly station: Station;
}

function Counting({ run, lines, since, station }: Props) {
  const words = useWords(stationWords);
  const say = useToast();
  const [count, setCount] = useState<Count>(NOTHING);
  const [over, setOver] = useState(false);
  const [soil, setSoil] = useState(false);
  useInstruments(station, since, (model, code) => setCount((now) => scanned(now, lines, model, code)));
  const close = useCommand(
    (soiled: boolean) =>
      answer(
        api.POST("/api/cooperation/v1/runs/{run_id}/assemble", {
          params: { path: { run_id: run } },
          body: soiled ? { counted: [], gaps: [], soil: true } : body(count, lines),
        }),
      ),
    (done) => {
      setOver(true);
      say(done.stage === "assembled" ? words.assembled : words.sentBack);
    },
  );
  if (over) return null;
  const left = open(count, lines);
  return (
    <section className="panel stack">
      <h2>{words.toCount(lines.length - left.length, lines.length)}</h2>
      <RefusalStrip refusal={close.refusal} />
      <ul className="station-lines">
        {lines.map((line) => (
          <CountedLine key={line.line_id} line={line} count={count} onCount={setCount} />
        ))}
      </ul>
      <div className="row">
        <Big
          command="TERMINER"
          kind="primary"
          busy={close.pending}
          blocked={left[0] ? words.lineOpen(left[0].alias) : undefined}
          onPress={() => void close.run(false)}
        >
          {words.closeAssembly}
        </Big>
        <Big command="VALIDER" onPress={() => setCount((now) => allFree(now, lines))}>
          {words.allThere}
        </Big>
        <Big kind="danger" busy={close.pending} onPress={() => (soil ? void close.run(true) : setSoil(true))}>
          {soil ? words.soilSure : words.soil}
        </Big>
      </div>
    </section>
  );
}

/** Hears marked instruments that are scanned after the set. */
function useInstruments(station: Station, since: number, tell: (model: string, code: string) => void): void {
  const told = useRef(new Set<number>());
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    for (const item of station.recent) {
      const { result } = item;
      if (item.id <= since || told.current.has(item.id) || result?.subject?.kind !== "instrument") continue;
      told.current.add(item.id);
      if (!result.good) continue;
      const params = { path: { instrument_id: result.subject.id } };
      void answer(api.GET("/api/cooperation/v1/instruments/{instrument_id}", { params })).then(
        (found) => latest.current(found.model_id, item.code),
        () => told.current.delete(item.id),
      );
    }
  }, [station.recent, since]);
}

interface LineProps {
  readonly line: Line;
  readonly count: Count;
  readonly onCount: (change: (now: Count) => Count) => void;
}

function CountedLine({ line, count, onCount }: LineProps) {
  const words = useWords(stationWords);
  const [naming, setNaming] = useState(false);
  const now = countedOf(count, line);
  const gap = count.gaps[line.line_id];
  const full = now >= line.quantity;
  return (
    <li>
      <span className="station-line-name">
        {line.alias}
        {line.critical ? <Badge state="warn">{words.critical}</Badge> : null}
        {line.exclusive ? <Badge>{words.marked}</Badge> : null}
      </span>
      <strong className="station-count">{words.of(now, line.quantity)}</strong>
      <Badge state={full ? "ok" : gap ? "warn" : "unknown"}>
        {full ? words.complete : gap ? words.gap[gap] : words.toCountWord}
      </Badge>
      <span className="row">
        {line.exclusive ? null : (
          <>
            <Button
              className="station-target"
              aria-label={words.oneLess(line.alias)}
              onClick={() => onCount((all) => plus(all, line, -1))}
            >
              −
            </Button>
            <Button
              className="station-target"
              aria-label={words.oneMore(line.alias)}
              onClick={() => onCount((all) => plus(all, line, 1))}
            >
              +
            </Button>
          </>
        )}
        {full ? null : (
          <Button className="station-target" aria-expanded={naming} onClick={() => setNaming(!naming)}>
            {words.nameGap}
          </Button>
        )}
      </span>
      {naming && !full ? (
        <span className="row">
          {REASONS.map((reason) => (
            <Button
              key={reason}
              className="station-target"
              onClick={() => {
                onCount((all) => named(all, line, reason));
                setNaming(false);
              }}
            >
              {words.gap[reason]}
            </Button>
          ))}
        </span>
      ) : null}
    </li>
  );
}
