/** What moves: crates, compartments, hand-overs. Read by who drives and by who stands at a dock. */
import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "../api/client";
import { useLiveQuery } from "../live/live";

export type CrateRow = Schema<"cooperation.CrateOut">;
export type Compartment = Schema<"cooperation.CompartmentOut">;
export type Handover = Schema<"cooperation.HandoverOut">;
export type Place = Schema<"cooperation.cooperation__members__schemas__PlaceOut">;

const MOVES = ["cooperation.custody_changed", "cooperation.handover_recorded"] as const;

/** Every page of a list. */
export async function everyPage<T>(
  read: (more: { cursor?: string }) => Promise<{ items: T[]; next_cursor?: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await read(cursor ? { cursor } : {});
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return all;
}

export function useCrates() {
  return useLiveQuery<CrateRow[]>({
    queryKey: ["cooperation", "moves", "crates"],
    queryFn: () =>
      everyPage((more) =>
        body(api.GET("/api/cooperation/v1/crates", { params: { query: { limit: 500, ...more } } })),
      ),
    topics: MOVES,
    atMostEvery: 1_000,
  });
}

export function useVehicles() {
  return useQuery({
    queryKey: ["cooperation", "vehicles"],
    queryFn: async () =>
      (await body(api.GET("/api/cooperation/v1/vehicles", { params: { query: { limit: 100 } } }))).items,
    staleTime: 5 * 60_000,
  });
}

export function useCompartments() {
  return useLiveQuery({
    queryKey: ["cooperation", "moves", "compartments"],
    queryFn: async () =>
      (await body(api.GET("/api/cooperation/v1/compartments", { params: { query: { limit: 500 } } }))).items,
    topics: MOVES,
    atMostEvery: 1_000,
  });
}

/** Ids of the crates that stand at each of some places. */
export function useStanding(places: readonly string[]) {
  return useLiveQuery<Readonly<Record<string, readonly string[]>>>({
    queryKey: ["cooperation", "moves", "standing", ...places],
    queryFn: async () => {
      const rows = await Promise.all(
        places.map(async (place_id) => {
          const stays = await everyPage((more) =>
            body(
              api.GET("/api/cooperation/v1/custody", {
                params: { query: { place_id, limit: 100, ...more } },
              }),
            ),
          );
          const here = stays.filter((stay) => stay.subject_kind === "crate" && stay.place_id === place_id);
          return [place_id, here.map((stay) => stay.subject_id)] as const;
        }),
      );
      return Object.fromEntries(rows);
    },
    topics: MOVES,
    enabled: places.length > 0,
    atMostEvery: 1_000,
  });
}

/** Hand-overs that nobody has taken yet, with their crates. */
export function useGiven() {
  return useLiveQuery({
    queryKey: ["cooperation", "moves", "given"],
    queryFn: async () => {
      const params = { query: { state: "given" as const, limit: 100 } };
      const { items } = await body(api.GET("/api/cooperation/v1/handovers", { params }));
      return Promise.all(
        items.map(({ id }) =>
          body(
            api.GET("/api/cooperation/v1/handovers/{handover_id}", { params: { path: { handover_id: id } } }),
          ),
        ),
      );
    },
    topics: ["cooperation.handover_recorded"],
  });
}
