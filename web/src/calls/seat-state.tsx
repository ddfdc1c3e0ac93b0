import { BellOff, BellRing } from "lucide-react";
import { useState } from "react";
import { api, body } from "../api/client";
import type { Command } from "../api/command";
import { Button } from "../ui/button";
import { Badge, type State } from "../ui/state";
import { Timer } from "../ui/timer";
import { useLanguage, useWords } from "../words/language";
import { clockTime } from "../words/time";
import { useCatalogue } from "./acts";
import type { Agent, Desk } from "./desk";
import { isMuted, mute } from "./ring";
import { seat, useSeat } from "./seat";
import { TakeSeat } from "./take-seat";
import { callWords } from "./words";

export type Act = Command<(key: string) => Promise<unknown>, unknown>;

const LOOKS: Readonly<Record<string, State>> = {
  ready: "ok",
  offered: "info",
  on_call: "info",
  wrap_up: "warn",
  not_ready: "unknown",
};

interface Props {
  readonly desk: Desk;
  readonly act: Act;
  readonly hasCall: boolean;
}

/** Whether one answers: the post taken or not, ready or on pause, and what one will be after the call. */
export function SeatState({ desk, act, hasCall }: Props) {
  const words = useWords(callWords);
  const { phase } = useSeat();
  const [taking, take] = useState(false);
  const { agent } = desk;
  const online = agent !== null && agent.presence !== "offline";
  if (phase === "opening") return <p className="calls-state">{words.opening}</p>;
  if (phase === "elsewhere" || (phase === "closed" && online)) {
    return (
      <div className="calls-state row">
        <Badge state="warn">{words.elsewhere}</Badge>
        <Button
          kind="primary"
          onClick={() => agent?.device && void seat.open(agent.device, true).then(() => act.renew())}
        >
          {words.takeOver}
        </Button>
      </div>
    );
  }
  if (phase === "closed") {
    return (
      <div className="calls-state row">
        <span>{words.noSeat}</span>
        <Button kind="primary" onClick={() => take(true)}>
          {words.takeSeat}
        </Button>
        {taking ? (
          <TakeSeat last={agent?.device ?? null} browser={desk.softphone} onClose={() => take(false)} />
        ) : null}
      </div>
    );
  }
  return agent ? <AgentState agent={agent} queue={desk.queue.length} act={act} hasCall={hasCall} /> : null;
}

function AgentState({
  agent,
  queue,
  act,
  hasCall,
}: {
  readonly agent: Agent;
  readonly queue: number;
  readonly act: Act;
  readonly hasCall: boolean;
}) {
  const words = useWords(callWords);
  const { language } = useLanguage();
  const pauses = useCatalogue("pause_reason");
  const said = (code: string | null) =>
    code === null ? "" : (pauses.find((each) => each.code === code)?.label ?? words.reasons[code] ?? code);
  const busy = agent.work_state === "on_call" || agent.work_state === "wrap_up";
  const wish = (work_state: "ready" | "not_ready", reason: string | null) =>
    act.run(async () => {
      // The service hears that the browser's telephone has registered before it is asked to ring it.
      if (seat.read().softphone !== null) await seat.beat();
      return body(
        api.PUT("/api/telesecretariat/v1/agents/me/state", {
          body: { work_state, reason, desk_id: seat.read().deskId },
        }),
      );
    });
  const reason = agent.work_state === "not_ready" ? said(agent.reason) : "";
  const after =
    agent.pending_state === "not_ready" ? said(agent.pending_reason) || words.afterPause : words.afterReady;
  return (
    <div className="calls-state row">
      <Badge state={LOOKS[agent.work_state] ?? "unknown"}>
        {words.states[agent.work_state]}
        {reason ? ` : ${reason}` : ""}
      </Badge>
      {busy ? null : <Timer since={agent.state_since} />}
      {agent.forced_until ? (
        <span className="small">{words.forcedUntil(clockTime(agent.forced_until, language))}</span>
      ) : null}
      {agent.work_state === "not_ready" ? (
        <Button kind="primary" busy={act.pending} onClick={() => void wish("ready", null)}>
          {words.beReady}
        </Button>
      ) : null}
      {agent.work_state === "ready" && queue > 0 ? <NextCall act={act} /> : null}
      <Pauses
        title={busy ? words.afterCall(after) : words.pause}
        ready={busy ? words.afterReady : null}
        onReady={() => void wish("ready", null)}
        onPause={(code) => void wish("not_ready", code)}
        onLeave={busy || hasCall ? null : () => void seat.close().then(() => act.renew())}
      />
      <Bell />
    </div>
  );
}

function NextCall({ act }: { readonly act: Act }) {
  const words = useWords(callWords);
  const next = (key: string) =>
    body(
      api.POST("/api/telesecretariat/v1/calls/next", {
        body: { desk_id: seat.read().deskId },
        headers: { "Idempotency-Key": key },
      }),
    );
  return (
    <Button busy={act.pending} onClick={() => void act.run(next)}>
      {words.next}
    </Button>
  );
}

const PAUSES = ["pause", "meal", "training", "meeting", "technical", "other"];

interface PausesProps {
  readonly title: string;
  readonly ready: string | null;
  readonly onReady: () => void;
  readonly onPause: (code: string) => void;
  readonly onLeave: (() => void) | null;
}

/** A short menu: the reasons to stop, at once or after the call. Esc closes it. */
function Pauses({ title, ready, onReady, onPause, onLeave }: PausesProps) {
  const words = useWords(callWords);
  const own = useCatalogue("pause_reason");
  const reasons = [
    ...own.map(({ code, label }) => ({ code, label })),
    ...PAUSES.filter((code) => !own.some((each) => each.code === code)).map((code) => ({
      code,
      label: words.reasons[code] ?? code,
    })),
  ];
  const close = (element: Element) => element.closest("details")?.removeAttribute("open");
  return (
    <details
      className="calls-menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.currentTarget.removeAttribute("open");
        event.currentTarget.querySelector("summary")?.focus();
      }}
    >
      <summary className="button">{title}</summary>
      <ul>
        {ready === null ? null : (
          <li>
            <button
              type="button"
              onClick={(event) => {
                close(event.currentTarget);
                onReady();
              }}
            >
              {ready}
            </button>
          </li>
        )}
        {reasons.map(({ code, label }) => (
          <li key={code}>
            <button
              type="button"
              onClick={(event) => {
                close(event.currentTarget);
                onPause(code);
              }}
            >
              {label}
            </button>
          </li>
        ))}
        {onLeave ? (
          <li className="calls-leave">
            <button type="button" onClick={onLeave}>
              {words.leaveSeat}
            </button>
          </li>
        ) : null}
      </ul>
    </details>
  );
}

function Bell() {
  const words = useWords(callWords);
  const [off, setOff] = useState(isMuted);
  const Icon = off ? BellOff : BellRing;
  return (
    <Button
      kind="quiet"
      aria-label={off ? words.soundOn : words.soundOff}
      title={off ? words.soundOn : words.soundOff}
      onClick={() => {
        mute(!off);
        setOff(!off);
      }}
    >
      <Icon size={18} aria-hidden="true" />
    </Button>
  );
}
