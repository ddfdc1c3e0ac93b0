import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";
import { addDays, instantAt } from "../../words/time";
import type { Link, Tour } from "./expected";

/** A tour changes by its driver's acts: its hand-overs and its crates are told too. */
const TOPICS = [
  "cooperation.tour_changed",
  "cooperation.stop_late",
  "cooperation.handover_recorded",
  "cooperation.custody_changed",
] as const;

/** The tours that leave on a day, with their stops, the earliest first. */
export function useTours(day: string) {
  return useLiveQuery<readonly Tour[]>({
    queryKey: ["cooperation", "moves", "tours", day],
    queryFn: async () => {
      const query = {
        since: instantAt(day, "00:00"),
        until: instantAt(addDays(day, 1), "00:00"),
        limit: 100,
      };
      const { items } = await body(api.GET("/api/cooperation/v1/tours", { params: { query } }));
      const tours = await Promise.all(items.map(({ id }) => readTour(id)));
      return tours.sort((a, b) => a.leaves_at.localeCompare(b.leaves_at));
    },
    topics: TOPICS,
    atMostEvery: 2_000,
  });
}

const readTour = (id: string) =>
  body(api.GET("/api/cooperation/v1/tours/{tour_id}", { params: { path: { tour_id: id } } }));

export function useTour(id: string) {
  return useLiveQuery<Tour>({
    queryKey: ["cooperation", "moves", "tour", id],
    queryFn: () => readTour(id),
    topics: TOPICS,
    atMostEvery: 1_000,
  });
}

/** Measured roads: reference rows, which nothing tells. */
export function useLinks() {
  return useQuery<readonly Link[]>({
    queryKey: ["cooperation", "road_links"],
    queryFn: async () => {
      const all: Schema<"cooperation.RoadLinkOut">[] = [];
      let cursor: string | null | undefined;
      do {
        const query = { limit: 100, ...(cursor ? { cursor } : {}) };
        const page: { items: Schema<"cooperation.RoadLinkOut">[]; next_cursor?: string | null } = await body(
          api.GET("/api/cooperation/v1/road_links", { params: { query } }),
        );
        all.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor);
      return all;
    },
    staleTime: 5 * 60_000,
  });
}
