import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useLiveQuery } from "../live/live";
import type { Topic } from "../live/topics";

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string | null;
}

/** Every page of a list that is short by nature: a centre has tens of sites, reasons or agendas, not thousands. */
export async function everyPage<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, next_cursor } = await page(cursor);
    all.push(...items);
    cursor = next_cursor ?? undefined;
  } while (cursor);
  return all;
}

/** Cursor and size of a page, as the query of a list takes them. */
export function pageOf(cursor: string | undefined): { limit: number; cursor?: string } {
  return cursor === undefined ? { limit: 100 } : { limit: 100, cursor };
}

/** A list of the set-up. Where no event tells of its changes it is read again whenever it is opened. */
export function useList<T>(
  key: readonly unknown[],
  read: () => Promise<T>,
  topics: readonly Topic[] = [],
  enabled = true,
): UseQueryResult<T> {
  const live = useLiveQuery<T>({
    queryKey: key,
    queryFn: read,
    topics,
    enabled: enabled && topics.length > 0,
  });
  const plain = useQuery<T>({ queryKey: key, queryFn: read, enabled: enabled && topics.length === 0 });
  return topics.length > 0 ? live : plain;
}

/** The headers of one act: its key, and the version that it changes. */
export function act(key: string, version?: number): Record<string, string> {
  return version === undefined
    ? { "Idempotency-Key": key }
    : { "Idempotency-Key": key, "If-Match": `"${version}"` };
}
