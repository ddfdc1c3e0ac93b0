import { useState } from "react";
import { Button } from "../../ui/button";
import { Badge, Empty } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Timer } from "../../ui/timer";
import { useWords } from "../../words/language";
import { SEAT_STATES, seatState } from "./floor-figures";
import type { Agent, Board } from "./queries";
import { useCatalogue } from "./queries";
import { type SeatAct, SeatDialog } from "./seat-dialog";
import { supervisionWords } from "./words";

const STATES = {
  ready: "ok",
  offered: "info",
  on_call: "info",
  wrap_up: "neutral",
  not_ready: "warn",
  offline: "unknown",
} as const;
const HEARD = new Set(["talking", "held"]);
const RETURNED = new Set(["connecting", "talking", "held"]);

/** Each seat with its state and how long it has it; what a supervisor may do stands in its row. */
export function Seats({ board }: { readonly board: Board }) {
  const words = useWords(supervisionWords);
  const [absent, showAbsent] = useState(false);
  const [act, setAct] = useState<SeatAct | null>(null);
  const pauses = useCatalogue("pause_reason");
  const away = board.agents.filter((each) => each.presence === "offline");
  const there = board.agents.filter((each) => each.presence !== "offline");
  const rows = (absent ? board.agents : there).toSorted(
    (a, b) =>
      SEAT_STATES.indexOf(seatState(a)) - SEAT_STATES.indexOf(seatState(b)) || a.label.localeCompare(b.label),
  );
  const pause = (code: string | null) => {
    const known = code ? pauses.data?.find((each) => each.code === code) : undefined;
    return known?.label_fr ?? "";
  };
  return (
    <div className="stack">
      {rows.length === 0 ? (
        <Empty>{words.noSeat}</Empty>
      ) : (
        <DataTable
          caption={words.seats}
          rows={rows}
          keyOf={(agent) => agent.id}
          columns={[
            { id: "seat", head: words.seat, cell: (agent) => agent.label },
            {
              id: "state",
              head: words.state,
              cell: (agent) => (
                <span className="stack supervision-tight">
                  <span className="row">
                    <Badge state={STATES[seatState(agent)]}>{words.seatStates[seatState(agent)]}</Badge>
                    {agent.presence === "stale" ? <Badge state="warn">{words.stale}</Badge> : null}
                  </span>
                  <span className="muted small">
                    {[
                      pause(agent.reason),
                      agent.call_state && agent.call_state in words.callStates
                        ? words.callStates[agent.call_state as keyof typeof words.callStates]
                        : "",
                      agent.pending_state === "not_ready" ? words.after(words.seatStates.not_ready) : "",
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </span>
                </span>
              ),
            },
            {
              id: "since",
              head: words.since,
              cell: (agent) => (agent.presence === "offline" ? "–" : <Timer since={agent.state_since} />),
            },
            { id: "acts", head: words.acts, cell: (agent) => <Acts agent={agent} onAct={setAct} /> },
          ]}
        />
      )}
      {away.length ? (
        <div>
          <Button kind="quiet" aria-expanded={absent} onClick={() => showAbsent(!absent)}>
            {absent ? words.hideAbsent : words.showAbsent(away.length)}
          </Button>
        </div>
      ) : null}
      {act ? <SeatDialog act={act} onClose={() => setAct(null)} /> : null}
    </div>
  );
}

function Acts({ agent, onAct }: { readonly agent: Agent; readonly onAct: (act: SeatAct) => void }) {
  const words = useWords(supervisionWords);
  if (agent.presence === "offline") return <>–</>;
  const paused = agent.work_state === "not_ready" || agent.pending_state === "not_ready";
  const callId = agent.call_id;
  return (
    <span className="row">
      <Button onClick={() => onAct({ kind: paused ? "ready" : "pause", agent })}>
        {paused ? words.forceReady : words.forcePause}
      </Button>
      {callId && RETURNED.has(agent.call_state ?? "") ? (
        <Button onClick={() => onAct({ kind: "return", agent, callId })}>{words.returnCall}</Button>
      ) : null}
      {callId && HEARD.has(agent.call_state ?? "") ? (
        <Button onClick={() => onAct({ kind: "listen", agent, callId })}>{words.listen}</Button>
      ) : null}
    </span>
  );
}
