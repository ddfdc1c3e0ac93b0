import { api, body } from "../../api/client";
import { useLiveQuery } from "../../live/live";

const RECALLS = ["cooperation.recall_*"] as const;
const HOLDS = ["cooperation.hold_*"] as const;

export function useRecalls() {
  return useLiveQuery({
    queryKey: ["cooperation", "recalls"],
    queryFn: () => body(api.GET("/api/cooperation/v1/recalls", { params: { query: { limit: 100 } } })),
    topics: RECALLS,
    urgent: true,
  });
}

export function useRecall(id: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "recalls", id],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/recalls/{recall_id}", { params: { path: { recall_id: id } } })),
    topics: RECALLS,
    urgent: true,
  });
}

export function useLines(id: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "recalls", id, "lines"],
    queryFn: () =>
      body(
        api.GET("/api/cooperation/v1/recalls/{recall_id}/lines", {
          params: { path: { recall_id: id }, query: { limit: 500 } },
        }),
      ),
    topics: [...RECALLS, "cooperation.custody_changed"],
    atMostEvery: 1_000,
  });
}

export function useHolds() {
  return useLiveQuery({
    queryKey: ["cooperation", "holds"],
    queryFn: () => body(api.GET("/api/cooperation/v1/holds", { params: { query: { limit: 100 } } })),
    topics: HOLDS,
    urgent: true,
  });
}

export function useHold(id: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "holds", id],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/holds/{hold_id}", { params: { path: { hold_id: id } } })),
    topics: [...HOLDS, "cooperation.custody_changed"],
    urgent: true,
  });
}
