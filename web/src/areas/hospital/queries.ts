import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";
import { addDays, instantAt } from "../../words/time";

export type Operation = Schema<"cooperation.cooperation__demand__schemas__OperationOut">;
export type Need = Operation["needs"][number];

export function usePromises() {
  return useLiveQuery({
    queryKey: ["cooperation", "promises"],
    queryFn: () => body(api.GET("/api/cooperation/v1/promises", { params: { query: { limit: 200 } } })),
    topics: ["cooperation.promise_changed", "cooperation.run_stage_changed"],
    atMostEvery: 3_000,
  });
}

/** The operating programme of one local day, with its needs. */
export function useOperations(day: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "operations", day],
    queryFn: () =>
      body(
        api.GET("/api/cooperation/v1/operations", {
          params: {
            query: { from: instantAt(day, "00:00"), to: instantAt(addDays(day, 1), "00:00"), limit: 500 },
          },
        }),
      ),
    topics: ["cooperation.need_changed", "cooperation.promise_changed", "cooperation.run_stage_changed"],
    atMostEvery: 2_000,
  });
}

/** One need with every run that could serve it. */
export function useNeed(id: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "needs", id],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/needs/{need_id}", { params: { path: { need_id: id } } })),
    topics: ["cooperation.need_changed", "cooperation.promise_changed", "cooperation.run_stage_changed"],
    atMostEvery: 2_000,
  });
}
