/**
 * What becomes of a scan between the trigger and its answer. Pure: `queue.ts` keeps it in the browser's base and talks
 * to the server.
 *
 * captured -> sent -> done | refused -> settled; sent -> waiting when no answer came, and again. Nothing is ever
 * dropped. A scan gets its number when it is first sent, in the order it was read; sent again it has the same number, so
 * the server gives its first answer again. Only a refusal that proves that it was not taken lets it be numbered anew.
 */
import type { Schema } from "../api/client";

export type ScanResult = Schema<"cooperation.ScanResult">;
export type ItemState = "captured" | "sent" | "waiting" | "done" | "refused" | "settled";

/** What is said with a scan beside its code. */
export interface Said {
  readonly packaging_id?: string;
  readonly intact?: boolean;
  readonly dry?: boolean;
  readonly clean?: boolean;
  readonly out?: boolean;
}

export interface Item {
  /** The order in which this device read; given by the base. */
  readonly id: number;
  readonly device: string;
  readonly station: string;
  readonly code: string;
  /** By this device's clock. */
  readonly scanned_at: string;
  readonly said: Said;
  readonly state: ItemState;
  readonly seq: number | null;
  /** Read while the server was away: its answer came, or will come, late. */
  readonly offline: boolean;
  /** Off line in a theatre: whether a list of blocks under five minutes old was looked at. */
  readonly verified?: boolean;
  /** In the local list of blocks when it was read: a full-screen stop without asking anybody. */
  readonly listed?: boolean;
  /** Its full-screen stop was answered. */
  readonly acknowledged?: boolean;
  readonly result?: ScanResult;
}

export const BATCH = 500;

export function isOpen(item: Item): boolean {
  return item.state === "captured" || item.state === "sent" || item.state === "waiting";
}

/** Open scans of one device in the order read. */
export function openOf(items: readonly Item[], device: string): readonly Item[] {
  return items.filter((item) => item.device === device && isOpen(item)).sort((a, b) => a.id - b.id);
}

/** The next scans to send, at one station (its device was moved: the rest goes in the next), each with its number. */
export function batchOf(
  items: readonly Item[],
  device: string,
  next: number,
  most = BATCH,
): readonly (Item & { readonly seq: number })[] {
  const open = openOf(items, device);
  const station = open[0]?.station;
  let after = next;
  const batch: (Item & { readonly seq: number })[] = [];
  for (const item of open) {
    if (batch.length === most || item.station !== station) break;
    const seq = item.seq ?? after;
    after = Math.max(after, seq + 1);
    batch.push({ ...item, seq, state: "sent" });
  }
  return batch;
}

/** No answer came: they may have been taken or not, and keep their numbers. */
export function unanswered(batch: readonly Item[]): readonly Item[] {
  return batch.map((item) => ({ ...item, state: "waiting", offline: true }));
}

/** The server's results, each to the scan of its number. */
export function answered(batch: readonly Item[], results: readonly ScanResult[]): readonly Item[] {
  const bySeq = new Map(results.map((result) => [result.seq, result]));
  return batch.map((item) => {
    const result = item.seq === null ? undefined : bySeq.get(item.seq);
    if (!result) return { ...item, state: "waiting" };
    return { ...item, state: refused(result) ? "refused" : "done", result };
  });
}

export function refused(result: ScanResult): boolean {
  if (result.outcome === "repeated") return result.code != null && result.good == null;
  return result.outcome === "refused" || result.outcome === "late";
}

/** `SCAN_GAP`: none of the batch was taken; what the server has not seen yet is numbered from the one it expects. */
export function renumbered(batch: readonly Item[], expected: number): readonly Item[] {
  const known = batch.filter((item) => item.seq !== null && item.seq < expected);
  const fresh = batch.filter((item) => item.seq === null || item.seq >= expected);
  return [
    ...known.map((item): Item => ({ ...item, state: "waiting" })),
    ...fresh.map((item, place): Item => ({ ...item, state: "waiting", seq: expected + place })),
  ];
}

/** Late refusals that a person must settle, newest first. */
export function toSettle(items: readonly Item[]): readonly Item[] {
  return items
    .filter((item) => item.state === "refused" && (item.offline || item.result?.outcome === "late"))
    .sort((a, b) => b.id - a.id);
}

/** Which refused scans the server no longer lists as to settle. */
export function settled(
  items: readonly Item[],
  device: string,
  unsettled: ReadonlySet<number>,
): readonly Item[] {
  return items
    .filter(
      (item) =>
        item.device === device && item.state === "refused" && item.seq !== null && !unsettled.has(item.seq),
    )
    .map((item) => ({ ...item, state: "settled" }));
}

const STOPS = new Set(["RECALLED", "ON_HOLD"]);

/** Whether it covers the screen until it is answered: recalled, held, or of a load that was rejected. */
export function stops(item: Item): boolean {
  if (item.acknowledged) return false;
  const result = item.result;
  if (!result) return item.listed === true;
  if (result.code && STOPS.has(result.code)) return true;
  if (result.blocks?.some((block) => STOPS.has(block.code))) return true;
  const ended = result.stage === "aborted" || result.details?.stage === "aborted";
  return ended && result.outcome !== "done" && result.code !== "LATE_SCAN";
}
