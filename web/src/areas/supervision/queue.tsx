import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { Timer } from "../../ui/timer";
import { useWords } from "../../words/language";
import { type Board, type CallItem, useQueue } from "./queries";
import { supervisionWords } from "./words";

/** Who waits, first to last; a call can be given to a free seat before its turn. */
export function Queue({ board }: { readonly board: Board }) {
  const words = useWords(supervisionWords);
  const queue = useQueue();
  return (
    <section className="panel stack">
      <h2>{words.queue}</h2>
      <Read of={queue} lines={2}>
        {(calls) =>
          calls.length === 0 ? (
            <Empty>{words.noQueue}</Empty>
          ) : (
            <ol className="supervision-list">
              {calls.map((call) => (
                <Waiting key={call.id} call={call} board={board} />
              ))}
            </ol>
          )
        }
      </Read>
    </section>
  );
}

function Waiting({ call, board }: { readonly call: CallItem; readonly board: Board }) {
  const words = useWords(supervisionWords);
  const client = useQueryClient();
  const free = board.agents.filter(
    (each) =>
      each.work_state === "ready" && each.presence === "online" && each.client_ids.includes(call.client_id),
  );
  const [chosen, choose] = useState("");
  const agentId = free.some((each) => each.id === chosen) ? chosen : (free[0]?.id ?? "");
  const assign = useCommand(
    (agent_id: string, key) =>
      body(
        api.POST("/api/telesecretariat/v1/calls/{call_id}/assign", {
          params: { path: { call_id: call.id } },
          headers: { "Idempotency-Key": key },
          body: { agent_id, reason: "assigned" },
        }),
      ),
    () => void client.invalidateQueries({ queryKey: ["telesecretariat", "calls", "queue"] }),
  );
  const line = board.lines.find((each) => each.id === call.line_id);
  return (
    <li className="stack">
      <div className="row spread">
        <span className="row">
          <strong>
            <Timer since={call.arrived_at} />
          </strong>
          <span>{line?.name ?? ""}</span>
          {call.state === "offered" ? <Badge state="info">{words.callStates.offered}</Badge> : null}
        </span>
        {call.state === "waiting" ? (
          <span className="row">
            {free.length ? (
              <select
                className="supervision-select"
                aria-label={words.assignTo}
                value={agentId}
                onChange={(event) => choose(event.target.value)}
              >
                {free.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.label}
                  </option>
                ))}
              </select>
            ) : null}
            <Button
              blocked={free.length ? undefined : words.noReady}
              busy={assign.pending}
              onClick={() => void assign.run(agentId)}
            >
              {words.assign}
            </Button>
          </span>
        ) : null}
      </div>
      <RefusalStrip refusal={assign.refusal} />
    </li>
  );
}
