import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { api, body } from "../../api/client";
import { queueOf, type ScanQueue } from "../../scan/queue";
import { type Item, isOpen, refused, type Said, stops, toSettle } from "../../scan/queue-model";
import { play } from "../../scan/sounds";
import { useBlocks } from "./blocks";
import type { Post } from "./posts";

export type Ready = "opening" | "elsewhere" | "impossible" | "ready";
const NOTHING: readonly Item[] = [];

/** One tab works for a device: the others wait until it is closed. Without Web Locks each works for itself. */
function useQueue(device: string): readonly [ScanQueue | null, Ready] {
  const [queue, setQueue] = useState<ScanQueue | null>(null);
  const [ready, setReady] = useState<Ready>("opening");
  useEffect(() => {
    const ended = new AbortController();
    const begin = async () => {
      try {
        const made = await queueOf(device);
        if (ended.signal.aborted) return;
        setQueue(made);
        setReady("ready");
        await new Promise<void>((over) =>
          ended.signal.addEventListener("abort", () => over(), { once: true }),
        );
      } catch {
        setReady("impossible");
      }
    };
    const slow = setTimeout(() => setReady((now) => (now === "opening" ? "elsewhere" : now)), 2_000);
    if ("locks" in navigator)
      navigator.locks.request(`maillage-scans-${device}`, { signal: ended.signal }, begin).catch(() => {});
    else void begin();
    return () => {
      clearTimeout(slow);
      ended.abort();
    };
  }, [device]);
  return [queue, ready];
}

export interface Station {
  readonly ready: Ready;
  readonly queue: ScanQueue | null;
  /** Scans made here since the screen was opened, newest first. */
  readonly recent: readonly Item[];
  /** The newest whose answer is known. */
  readonly last: Item | undefined;
  /** Scans not yet answered; null until what this device kept has been read: nothing is said of it before. */
  readonly waiting: number | null;
  readonly late: readonly Item[];
  /** What stops everything until it is answered. */
  readonly stop: Item | undefined;
  readonly scan: (code: string, said?: Said) => void;
  readonly acknowledge: (item: Item) => void;
}

/** What happens at a post: scans, their answers, what waits, what stops. */
export function useStation(post: Post): Station {
  const [queue, ready] = useQueue(post.device);
  const client = useQueryClient();
  const theatre = post.kind === "theatre";
  const check = useBlocks(post.organisation, theatre);
  // What was read before the screen was opened is no longer under the hand.
  const from = useMemo(() => Math.max(0, ...(queue?.items ?? []).map((item) => item.id)) + 1, [queue]);
  const listen = useCallback((tell: () => void) => queue?.listen(tell) ?? (() => {}), [queue]);
  const items = useSyncExternalStore(listen, () => queue?.items ?? NOTHING);

  // The queue opens a moment after the screen: what is read in between is kept for it.
  const early = useRef<[string, Said][]>([]);
  const scan = useCallback(
    (code: string, said: Said = {}) => {
      if (!queue) {
        early.current.push([code, said]);
        return;
      }
      void (async () => {
        const looked = theatre ? check(code) : {};
        const item = await queue.capture(post.id, code, said, looked);
        const answer = await queue.answerTo(item);
        sound(answer);
        void client.invalidateQueries({ queryKey: ["cooperation", "post", post.id] });
      })();
    },
    [queue, check, client, post.id, theatre],
  );
  useEffect(() => {
    if (queue) for (const [code, said] of early.current.splice(0)) scan(code, said);
  }, [queue, scan]);
  useEffect(() => {
    if (!queue) return;
    const read = async () => {
      try {
        const params = { query: { to_settle: true, device_id: post.device, limit: 100 } };
        const page = await body(api.GET("/api/cooperation/v1/scans", { params }));
        if (!page.next_cursor) await queue.settle(new Set(page.items.map((each) => each.seq)));
      } catch {
        // Known when the network is back.
      }
    };
    void read();
    window.addEventListener("online", read);
    return () => window.removeEventListener("online", read);
  }, [queue, post.device]);

  const recent = items.filter((item) => item.id >= from).reverse();
  return {
    ready,
    queue,
    recent,
    last: recent.find((item) => item.result),
    waiting: queue && items.filter(isOpen).length,
    late: toSettle(items),
    stop: post.kind === "quarantine" ? undefined : items.find(stops),
    scan,
    acknowledge: (item) => void queue?.acknowledge(item),
  };
}

function sound(item: Item): void {
  if (stops(item)) return;
  const result = item.result;
  if (!result) play("wait");
  else if (refused(result) || result.good === false) play("refused");
  else play(result.outcome === "checked" ? "checked" : "ok");
}
