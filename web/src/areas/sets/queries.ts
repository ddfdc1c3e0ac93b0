import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";

export type SetFile = Schema<"cooperation.SetFile">;
export type RunFile = Schema<"cooperation.RunFile">;
export type Entry = Schema<"cooperation.FileEntry">;

const CHANGES = [
  "cooperation.run_stage_changed",
  "cooperation.custody_changed",
  "cooperation.recall_*",
  "cooperation.hold_*",
  "cooperation.issue_*",
  "cooperation.load_decided",
] as const;

export function useSetFile(id: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "sets", id, "file"],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/sets/{set_id}/file", { params: { path: { set_id: id } } })),
    topics: CHANGES,
    atMostEvery: 2_000,
  });
}

export function useRunFile(id: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "runs", id],
    queryFn: () => body(api.GET("/api/cooperation/v1/runs/{run_id}", { params: { path: { run_id: id } } })),
    topics: CHANGES,
    atMostEvery: 2_000,
  });
}
