import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api, newKey, Refusal } from "../../api/client";
import { useSession } from "../../api/session";
import { factOf, keepFact } from "../../scan/queue";
import { useSentence } from "../../ui/state";
import { now } from "../../words/time";
import { type Act, after, type Doing, replay, type Verdict } from "./outbox-model";

const KEPT = "transport:acts";
const AGAIN_MS = 4_000;

/** What only one tab at a time may do. Writing what is kept is short; sending may take as long as a bad network does. */
async function alone<T>(what: "kept" | "sent", work: () => Promise<T>): Promise<T> {
  return "locks" in navigator
    ? await navigator.locks.request(`maillage-transport-${what}`, work)
    : await work();
}

const kept = async () => (await factOf<readonly Act[]>(KEPT)) ?? [];

async function keep(change: (acts: readonly Act[]) => readonly Act[]): Promise<readonly Act[]> {
  return await alone("kept", async () => {
    const acts = change(await kept());
    await keepFact(KEPT, acts);
    return acts;
  });
}

async function send({ key, stop, at, doing }: Act): Promise<unknown> {
  const headers = { "Idempotency-Key": key };
  switch (doing.kind) {
    case "give":
      return api.POST("/api/cooperation/v1/handovers", { body: { ...doing.body, at }, headers });
    case "take":
      return api.POST("/api/cooperation/v1/handovers/{handover_id}/take", {
        params: { path: { handover_id: doing.handover } },
        body: { ...doing.body, at },
        headers,
      });
    case "serve":
      return api.POST("/api/cooperation/v1/stops/{stop_id}/serve", {
        params: { path: { stop_id: stop } },
        headers,
      });
    case "fail":
      return api.POST("/api/cooperation/v1/stops/{stop_id}/fail", {
        params: { path: { stop_id: stop } },
        body: { reason: doing.reason },
        headers,
      });
  }
}

export interface Outbox {
  /** This person's acts without an answer, and those that were refused, in their order. */
  readonly acts: readonly Act[];
  readonly busy: boolean;
  readonly act: (stop: string, doing: Doing) => Promise<void>;
  /** A refusal was read: it no longer holds back what was done later at the same stop. */
  readonly settle: (key: string) => Promise<void>;
}

/** What the driver does, kept on the device until the server has answered. */
export function useOutbox(): Outbox {
  const { session } = useSession();
  const client = useQueryClient();
  const sentence = useSentence();
  const person = session.person?.id ?? "";
  const [all, show] = useState<readonly Act[]>([]);
  const [busy, setBusy] = useState(false);

  const mine = useCallback(
    (acts: readonly Act[]) => show(acts.filter((act) => act.person === person)),
    [person],
  );
  const latest = useRef(sentence);
  latest.current = sentence;
  const flush = useCallback(async () => {
    await alone("sent", async () => {
      const before = await kept();
      mine(before);
      const tell = async (act: Act): Promise<Verdict> => {
        try {
          await send(act);
          return "done";
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          const away = error.passing || error.code === "SESSION_ENDED" || error.code === "NOT_SIGNED_IN";
          return away ? "away" : { refused: latest.current(error) };
        }
      };
      const own = before.filter((act) => act.person === person);
      await replay(own, tell, async (key, verdict) => {
        const left = await keep((acts) => after(acts, key, verdict));
        // What it changed is read before it goes: a stop that was served is never shown as open again.
        await client.invalidateQueries({ queryKey: ["cooperation", "moves"] });
        mine(left);
      });
    });
  }, [person, client, mine]);

  const waiting = all.some((act) => !act.refused);
  useEffect(() => {
    const again = () => void flush();
    again();
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [flush]);
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => void flush(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [waiting, flush]);

  return useMemo(
    () => ({
      acts: all,
      busy,
      act: async (stop, doing) => {
        setBusy(true);
        const made = { key: newKey(), person, stop, at: now().toISOString(), doing };
        mine(await keep((acts) => [...acts, made]));
        await flush().finally(() => setBusy(false));
      },
      settle: async (key) => {
        mine(await keep((acts) => acts.filter((act) => act.key !== key)));
        await flush();
      },
    }),
    [all, busy, person, flush, mine],
  );
}
