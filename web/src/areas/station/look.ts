import type { Item } from "../../scan/queue-model";
import { refused } from "../../scan/queue-model";
import type { Kind } from "./posts";

export type Word =
  | "read"
  | "kept"
  | "unverified"
  | "unlisted"
  | "blocked"
  | "done"
  | "noted"
  | "good"
  | "bad"
  | "known"
  | "refused"
  | "late"
  | "repeated";
export type Says = "kept" | "unverified" | "unlisted" | "blocked";

/** What a scan looks and sounds like: a word, a shape, a colour; pure. */
export interface Look {
  readonly state: "ok" | "warn" | "danger" | "info" | "unknown" | "read";
  readonly word: Word;
  readonly says?: Says;
}

export function lookOf(item: Item, at: Kind | undefined): Look {
  const result = item.result;
  if (!result) {
    if (item.listed) return { state: "danger", word: "blocked", says: "blocked" };
    if (item.state === "captured" || item.state === "sent") return { state: "read", word: "read" };
    if (at !== "theatre") return { state: "warn", word: "kept", says: "kept" };
    return item.verified
      ? { state: "warn", word: "unlisted", says: "unlisted" }
      : { state: "warn", word: "unverified", says: "unverified" };
  }
  if (refused(result))
    return result.outcome === "late" ? { state: "warn", word: "late" } : { state: "danger", word: "refused" };
  if (result.outcome === "repeated") return { state: "info", word: "repeated" };
  if (result.outcome === "done")
    return result.good === false ? { state: "warn", word: "noted" } : { state: "ok", word: "done" };
  if (result.good === false) return { state: "danger", word: "bad" };
  return result.good
    ? { state: "ok", word: at === "theatre" ? "good" : "known" }
    : { state: "info", word: "known" };
}
