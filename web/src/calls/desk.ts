import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, body, type Schema } from "../api/client";
import { useSession } from "../api/session";
import { useLiveQuery } from "../live/live";
import type { Topic } from "../live/topics";

export type Desk = Schema<"telesecretariat.Desk">;
export type Agent = Schema<"telesecretariat.AgentOut">;
export type DeskCall = Desk["calls"][number];
export type QueuedCall = Schema<"telesecretariat.QueuedCall">;
export type CallFile = Schema<"telesecretariat.CallFile">;

export const DESK = ["telesecretariat", "desk"] as const;
const CHANGES: readonly Topic[] = [
  "telesecretariat.call_*",
  "telesecretariat.offer_*",
  "telesecretariat.agent_changed",
  "telesecretariat.assignment_changed",
  "telesecretariat.callback_*",
  "telesecretariat.task_*",
  "telesecretariat.message_*",
  "telesecretariat.instruction_*",
  "telesecretariat.red_flag_*",
  "telesecretariat.adapter_*",
];

/** One's own desk: state, offer, call, queue, callbacks, tasks. One reading for everything that shows a part of it. */
export function useDesk() {
  const { may } = useSession();
  return useLiveQuery<Desk>({
    queryKey: DESK,
    queryFn: () => body(api.GET("/api/telesecretariat/v1/desk")),
    topics: CHANGES,
    atMostEvery: 250,
    enabled: may("telesecretariat:call.handle"),
  });
}

/** Reads the desk again at once: what one has just done oneself is not waited for. */
export function useRefreshDesk(): () => Promise<void> {
  const client = useQueryClient();
  return useMemo(() => () => client.invalidateQueries({ queryKey: DESK, exact: true }), [client]);
}

/** The call somebody has on the line or is writing up; what is shown with it is read from its file. */
export interface CurrentCall {
  readonly id: string;
  readonly state: string;
  readonly lineId: string;
  readonly clientId: string;
  readonly patientId: string | null;
  readonly motive: string | null;
  readonly version: number;
  /** The post that is consulted before it takes the call over; null while nobody or a number is. */
  readonly consulted: string | null;
  /** Until when somebody is rung for it; null once he is there. */
  readonly ringsUntil: string | null;
  /** On the line now: a booking made meanwhile belongs to it. False once it is only written up. */
  readonly speaking: boolean;
}

const SPEAKING = ["connecting", "talking", "held", "transferring"];

export function currentOf(desk: Desk | undefined): CurrentCall | null {
  const me = desk?.agent?.id;
  const call = desk?.calls.find((each) => each.agent_id === me);
  if (!call) return null;
  return {
    id: call.id,
    state: call.state,
    lineId: call.line_id,
    clientId: call.client_id,
    patientId: call.patient_id,
    motive: call.motive,
    version: call.version,
    consulted: call.consulted_label,
    ringsUntil: call.connect_deadline,
    speaking: SPEAKING.includes(call.state),
  };
}

/** The call on which a colleague consults one: she speaks, the caller waits. */
export function consultedOn(desk: Desk): DeskCall | null {
  const me = desk.agent?.id;
  return desk.calls.find((each) => me !== undefined && each.consulted_id === me) ?? null;
}

/** One's call, from its connection until it is written up; null without one. */
export function useCurrentCall(): CurrentCall | null {
  const desk = useDesk();
  return useMemo(() => currentOf(desk.data), [desk.data]);
}

/** All that is known of a call, kept true. */
export function useCallFile(callId: string | undefined) {
  return useLiveQuery<CallFile>({
    queryKey: ["telesecretariat", "call", callId],
    queryFn: () =>
      body(
        api.GET("/api/telesecretariat/v1/calls/{call_id}", { params: { path: { call_id: callId ?? "" } } }),
      ),
    topics: ["telesecretariat.call_*", "telesecretariat.red_flag_*"],
    enabled: callId !== undefined,
    ...(callId === undefined ? {} : { about: callId }),
  });
}
