import { useCallback, useEffect, useRef, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useFacts } from "../../live/live";
import { namesOf } from "../../scan/names";
import { factOf, keepFact } from "../../scan/queue";
import { now } from "../../words/time";

/** Older than this a list of blocks proves nothing. */
const FRESH_MS = 5 * 60_000;
/** A list that is to be believed must be young: asked for at this pace, for no event says that nothing happened. */
const RENEW_MS = 2 * 60_000;

interface Kept {
  readonly as_of: string;
  readonly names: readonly string[];
}

/** The list after what has changed since it was read. */
export function merged(before: Kept | undefined, list: Schema<"cooperation.BlockList">): Kept {
  const names = new Set(before?.names ?? []);
  for (const name of list.lifted) names.delete(name);
  // An expired pack is refused by the server; the list stops only what was recalled or held.
  for (const each of list.blocked) if (each.code !== "EXPIRED") names.add(each.uri);
  return { as_of: list.as_of, names: [...names] };
}

export interface Check {
  readonly listed: boolean;
  /** The code was readable here, and the list young enough to prove something. */
  readonly verified: boolean;
}

export function checked(list: Kept | undefined, code: string, at: Date): Check {
  const names = namesOf(code);
  const listed = names.some((name) => list?.names.includes(name));
  const fresh = list !== undefined && at.getTime() - Date.parse(list.as_of) < FRESH_MS;
  return { listed, verified: listed || (fresh && names.length > 0) };
}

/** Keeps the list of blocks of one organisation on the device, for a theatre to check packs against without a network. */
export function useBlocks(organisation: string, when: boolean): (code: string) => Check {
  const list = useRef<Kept | undefined>(undefined);
  const [, shown] = useState("");
  const renew = useCallback(async () => {
    if (!when) return;
    const name = `blocks:${organisation}`;
    list.current ??= await factOf<Kept>(name);
    try {
      const since = list.current?.as_of;
      const params = { query: since ? { since } : {} };
      const read = await body(api.GET("/api/cooperation/v1/blocks", { params }));
      list.current = merged(list.current, read);
      await keepFact(name, list.current);
      shown(read.as_of);
    } catch {
      // Without an answer the list grows old, and says so.
    }
  }, [organisation, when]);
  useEffect(() => {
    void renew();
    const timer = setInterval(() => void renew(), RENEW_MS);
    return () => clearInterval(timer);
  }, [renew]);
  useFacts(
    [
      "cooperation.recall_opened",
      "cooperation.recall_closed",
      "cooperation.hold_placed",
      "cooperation.hold_ended",
    ],
    () => void renew(),
  );
  return useCallback((code) => checked(list.current, code, now()), []);
}
