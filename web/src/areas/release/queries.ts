import { api, body, withTag } from "../../api/client";
import { useLiveQuery } from "../../live/live";

const CHANGES = [
  "cooperation.run_stage_changed",
  "cooperation.load_decided",
  "cooperation.machine_state_changed",
  "cooperation.issue_opened",
  "cooperation.issue_closed",
] as const;

export type LoadState = "running" | "to_decide" | "released" | "rejected";

export function useLoads(state: LoadState) {
  return useLiveQuery({
    queryKey: ["cooperation", "loads", state],
    queryFn: async () => {
      const params = { query: { state, limit: 50 } };
      return (await body(api.GET("/api/cooperation/v1/loads", { params }))).items;
    },
    topics: CHANGES,
    atMostEvery: 1_000,
  });
}

/** Machines by id, for their names. */
export function useMachines() {
  return useLiveQuery({
    queryKey: ["cooperation", "machines", "names"],
    queryFn: async () => {
      const page = await body(api.GET("/api/cooperation/v1/machines", { params: { query: { limit: 100 } } }));
      return new Map(page.items.map((machine) => [machine.id, machine.name]));
    },
    topics: [],
  });
}

/**
 * A load as it is signed: its page, and the tag of the evidence that is shown. Both are read together, the tag first:
 * when the page is newer than the tag the signature is refused, never the other way round.
 */
export function useLoad(id: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "load", id],
    queryFn: async () => {
      const params = { path: { load_id: id } };
      const { etag, value } = await withTag(api.GET("/api/cooperation/v1/loads/{load_id}", { params }));
      const file = await body(api.GET("/api/cooperation/v1/loads/{load_id}/file", { params }));
      return { etag, load: value, file };
    },
    topics: CHANGES,
    atMostEvery: 1_000,
  });
}

export function useCurve(id: string, there: boolean) {
  return useLiveQuery({
    queryKey: ["cooperation", "load", id, "record"],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/loads/{load_id}/record", { params: { path: { load_id: id } } })),
    topics: [],
    enabled: there,
  });
}
