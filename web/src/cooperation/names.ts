import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, body, type Schema } from "../api/client";
import { useLiveQuery } from "../live/live";

const REFERENCE = 5 * 60_000;
const ALL = 500;

/** Reference rows: they change seldom, and nothing tells when. */
function useReference<T>(noun: string, read: () => Promise<{ items: T[] }>) {
  return useQuery({
    queryKey: ["cooperation", noun],
    queryFn: async () => (await read()).items,
    staleTime: REFERENCE,
  });
}

export const useSites = () =>
  useReference("sites", () =>
    body(api.GET("/api/cooperation/v1/sites", { params: { query: { limit: ALL } } })),
  );
export const usePlaces = () =>
  useReference("places", () =>
    body(api.GET("/api/cooperation/v1/places", { params: { query: { limit: ALL } } })),
  );
export const useCompositions = () =>
  useReference("compositions", () =>
    body(api.GET("/api/cooperation/v1/compositions", { params: { query: { limit: ALL } } })),
  );
export const useMembers = () =>
  useReference("members", () =>
    body(api.GET("/api/cooperation/v1/members", { params: { query: { limit: ALL } } })),
  );
export const useModels = () =>
  useReference("instrument_models", () =>
    body(api.GET("/api/cooperation/v1/instrument_models", { params: { query: { limit: ALL } } })),
  );
export const usePackagings = () =>
  useReference("packagings", () =>
    body(api.GET("/api/cooperation/v1/packagings", { params: { query: { limit: ALL } } })),
  );

export type SetRow = Schema<"cooperation.SetOut">;

/** Every set within reach, with its live run and where it is. */
export function useSets() {
  return useLiveQuery({
    queryKey: ["cooperation", "sets"],
    queryFn: async () => {
      const rows: SetRow[] = [];
      let cursor: string | null | undefined;
      do {
        const page: Schema<"cooperation.Page_SetOut_"> = await body(
          api.GET("/api/cooperation/v1/sets", {
            params: { query: { limit: ALL, ...(cursor ? { cursor } : {}) } },
          }),
        );
        rows.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor);
      return rows;
    },
    topics: ["cooperation.run_stage_changed", "cooperation.custody_changed"],
    atMostEvery: 3_000,
  });
}

/** What must not be touched at this instant, by the id of the run, set or instrument. */
export function useBlocks() {
  return useLiveQuery({
    queryKey: ["cooperation", "blocks"],
    queryFn: () => body(api.GET("/api/cooperation/v1/blocks")),
    topics: ["cooperation.recall_*", "cooperation.hold_*", "cooperation.run_stage_changed"],
    urgent: true,
  });
}

const named = <T extends { id: string; name: string }>(rows: readonly T[] | undefined) =>
  new Map((rows ?? []).map((row) => [row.id, row.name]));

export interface Names {
  readonly site: (id: string | null | undefined) => string;
  readonly place: (id: string | null | undefined) => string;
  readonly composition: (id: string | null | undefined) => string;
  readonly member: (organisation: string | null | undefined) => string;
}

/** The names behind ids; a dash until they are read, or out of reach. */
export function useNames(): Names {
  const { data: sites } = useSites();
  const { data: places } = usePlaces();
  const { data: compositions } = useCompositions();
  const { data: members } = useMembers();
  return useMemo(() => {
    const maps = [
      named(sites),
      named(places),
      named(compositions),
      new Map((members ?? []).map((row) => [row.organisation_id, row.name])),
    ] as const;
    const at = (map: ReadonlyMap<string, string>) => (id: string | null | undefined) =>
      (id && map.get(id)) || "–";
    return { site: at(maps[0]), place: at(maps[1]), composition: at(maps[2]), member: at(maps[3]) };
  }, [sites, places, compositions, members]);
}

/** The serial of a tag, as it is written on it: the end of its canonical name. */
export function serialOf(tag: string): string {
  const digits = tag.split("/").at(-1) ?? tag;
  return tag.includes("/8003/") ? digits.slice(14) : digits;
}

/** The set behind what was scanned or typed, by the service that reads codes; null when it is something else. */
export async function setOfCode(read: string): Promise<string | null> {
  const code = await body(api.GET("/api/cooperation/v1/codes", { params: { query: { read } } }));
  if (code.kind === "set") return code.id;
  return code.set_id ?? null;
}

/** The set that an issue on a set, or on a turn of one, is about. */
export async function setOfIssue(issue: Schema<"cooperation.IssueOut">): Promise<string> {
  if (issue.subject_kind === "set") return issue.subject_id;
  const params = { path: { run_id: issue.subject_id } };
  return (await body(api.GET("/api/cooperation/v1/runs/{run_id}", { params }))).run.set_id;
}
