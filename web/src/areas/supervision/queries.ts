import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";
import type { Topic } from "../../live/topics";

export type Board = Schema<"telesecretariat.Board">;
export type Agent = Board["agents"][number];
export type Line = Board["lines"][number];
export type Levels = Line["day"];
export type CallItem = Schema<"telesecretariat.telesecretariat__calls__reading__schemas__CallItem">;

export const FLOOR: readonly Topic[] = [
  "telesecretariat.call_*",
  "telesecretariat.offer_*",
  "telesecretariat.agent_changed",
  "telesecretariat.assignment_changed",
  "telesecretariat.callback_*",
  "telesecretariat.message_*",
  "telesecretariat.task_*",
  "telesecretariat.red_flag_*",
  "telesecretariat.line_*",
  "telesecretariat.adapter_*",
];

/** The floor as one snapshot, read once a second at most however much happens. */
export function useBoard() {
  return useLiveQuery<Board>({
    queryKey: ["telesecretariat", "board"],
    queryFn: ({ signal }) => body(api.GET("/api/telesecretariat/v1/board", { signal })),
    topics: FLOOR,
    atMostEvery: 1_000,
  });
}

/** Calls that wait, in the order in which they came; nobody's number. */
export function useQueue() {
  return useLiveQuery<readonly CallItem[]>({
    queryKey: ["telesecretariat", "calls", "queue"],
    queryFn: async ({ signal }) => {
      const read = (state: "waiting" | "offered") =>
        body(api.GET("/api/telesecretariat/v1/calls", { params: { query: { state, limit: 200 } }, signal }));
      const [waiting, offered] = await Promise.all([read("waiting"), read("offered")]);
      return [...waiting.items, ...offered.items].sort((a, b) => a.arrived_at.localeCompare(b.arrived_at));
    },
    topics: ["telesecretariat.call_*", "telesecretariat.offer_*"],
    atMostEvery: 1_000,
  });
}

/** Names of practitioners, for what names them by id. */
export function useDirectory() {
  return useQuery({
    queryKey: ["telesecretariat", "directory"],
    queryFn: ({ signal }) => body(api.GET("/api/telesecretariat/v1/directory", { signal })),
    staleTime: 3_600_000,
  });
}

/** Names of pauses, motives, outcomes as the catalogue has them. */
export function useCatalogue(kind: "pause_reason" | "motive" | "outcome") {
  return useQuery({
    queryKey: ["telesecretariat", "catalogues", kind],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/telesecretariat/v1/catalogues", { params: { query: { kind, limit: 100 } }, signal }),
        )
      ).items,
    staleTime: 3_600_000,
  });
}
