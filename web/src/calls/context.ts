import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Topic } from "../live/topics";

const CONTEXT: readonly Topic[] = [
  "telesecretariat.call_*",
  "telesecretariat.message_*",
  "appointments.appointment_*",
];
const MESSAGES: readonly Topic[] = ["telesecretariat.message_*"];

/** What to know before one speaks: earlier calls, messages not closed, appointments made during this call. */
export function callContext(callId: string) {
  return queryOptions({
    queryKey: ["telesecretariat", "call", callId, "context"],
    queryFn: () =>
      body(
        api.GET("/api/telesecretariat/v1/calls/{call_id}/context", { params: { path: { call_id: callId } } }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { topics: CONTEXT, atMostEvery: 500 },
  });
}

/** The messages written during a call, as they live on. */
export function callMessages(callId: string) {
  return queryOptions({
    queryKey: ["telesecretariat", "messages", { call: callId }],
    queryFn: () =>
      body(
        api.GET("/api/telesecretariat/v1/messages", { params: { query: { call_id: callId, limit: 20 } } }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { topics: MESSAGES, atMostEvery: 500 },
  });
}
