import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";

export type LoadFile = Schema<"cooperation.LoadFile">;
export type Load = Schema<"cooperation.LoadItem">;

/** The machine's last loads, the newest first, and the page of the one that is worked on. */
export function useLoads(post: string, machine: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "post", post, "loads"],
    queryFn: async () => {
      const params = { query: { machine_id: machine, limit: 6 } };
      return (await body(api.GET("/api/cooperation/v1/loads", { params }))).items;
    },
    topics: [
      "cooperation.run_stage_changed",
      "cooperation.load_decided",
      "cooperation.machine_state_changed",
    ],
    atMostEvery: 1_000,
  });
}

export function useLoadFile(post: string, load: string | undefined) {
  return useLiveQuery({
    queryKey: ["cooperation", "post", post, "load", load ?? ""],
    queryFn: () =>
      body(
        api.GET("/api/cooperation/v1/loads/{load_id}/file", { params: { path: { load_id: load ?? "" } } }),
      ),
    topics: ["cooperation.run_stage_changed", "cooperation.load_decided", "cooperation.issue_opened"],
    enabled: load !== undefined,
    atMostEvery: 1_000,
  });
}
