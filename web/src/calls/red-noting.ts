import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, body, type Schema } from "../api/client";
import { Refusal } from "../api/refusal";

export type Flag = Schema<"telesecretariat.RedFlagOut">;
type Patch = Partial<Schema<"telesecretariat.RedFlagPatch">>;
const PAUSE_MS = 600;

export const flagKey = (id: string | null) => ["telesecretariat", "red-flag", id];

/** Sends what is typed a moment after the last key; only what changed. Before the flag is there, it waits for it. */
export function useNoting(flagId: string | null): (patch: Patch) => void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const waiting = useRef<Patch>({});
  const send = async () => {
    timer.current = null;
    const patch = waiting.current;
    if (flagId === null || Object.keys(patch).length === 0) return;
    waiting.current = {};
    try {
      const noted = await body(
        api.PATCH("/api/telesecretariat/v1/red-flags/{red_flag_id}", {
          params: { path: { red_flag_id: flagId } },
          body: patch as Schema<"telesecretariat.RedFlagPatch">,
        }),
      );
      client.setQueryData(flagKey(flagId), noted);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!error.passing) return;
      // Not taken: sent again with what is typed next, and in a moment in any case.
      waiting.current = { ...patch, ...waiting.current };
      timer.current ??= setTimeout(() => void latest.current(), PAUSE_MS * 5);
    }
  };
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (flagId !== null) void latest.current();
  }, [flagId]);
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), []);
  return (patch) => {
    waiting.current = { ...waiting.current, ...patch };
    if (timer.current) clearTimeout(timer.current);
    timer.current = setTimeout(() => void latest.current(), PAUSE_MS);
  };
}
