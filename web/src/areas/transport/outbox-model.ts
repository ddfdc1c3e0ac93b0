/**
 * What a driver did, kept before it is sent: each act has its key and its instant, so that it may be sent again and is
 * done once, at the time it was really done. Pure; `outbox.ts` keeps it in the browser's base and talks to the server.
 */
import type { Schema } from "../../api/client";

export type Doing =
  | { readonly kind: "give"; readonly body: Schema<"cooperation.HandoverIn"> }
  | { readonly kind: "take"; readonly handover: string; readonly body: Schema<"cooperation.HandoverTake"> }
  | { readonly kind: "serve" }
  | { readonly kind: "fail"; readonly reason: string };

export interface Act {
  /** Its Idempotency-Key. */
  readonly key: string;
  readonly person: string;
  readonly stop: string;
  readonly at: string;
  readonly doing: Doing;
  /** Decided against by the server: the driver has read why, or has yet to. */
  readonly refused?: string;
}

export type Verdict = "done" | "away" | { readonly refused: string };

/** What is left after an answer: an act that is done is gone, a refused one stays with its sentence. */
export function after(acts: readonly Act[], key: string, verdict: Exclude<Verdict, "away">): readonly Act[] {
  if (verdict === "done") return acts.filter((act) => act.key !== key);
  return acts.map((act) => (act.key === key ? { ...act, refused: verdict.refused } : act));
}

/**
 * Sends what waits, in order. Without an answer everything waits; a refusal is kept with its sentence, and what was done
 * later at the same stop waits until it was read: a stop is not served over a hand-over that failed.
 */
export async function replay(
  acts: readonly Act[],
  send: (act: Act) => Promise<Verdict>,
  answered: (key: string, verdict: Exclude<Verdict, "away">) => Promise<void>,
): Promise<void> {
  const stuck = new Set(acts.filter((act) => act.refused).map((act) => act.stop));
  for (const act of acts) {
    if (act.refused || stuck.has(act.stop)) continue;
    const verdict = await send(act);
    if (verdict === "away") return;
    if (verdict !== "done") stuck.add(act.stop);
    await answered(act.key, verdict);
  }
}
