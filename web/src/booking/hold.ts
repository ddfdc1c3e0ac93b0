import { useCallback, useEffect, useRef } from "react";
import { api, body, type Refusal, type Schema } from "../api/client";
import { useCommand } from "../api/command";
import { giveBack, type Place, useKept } from "../calls/drafts";
import type { Slot, Wish } from "./times";

export type Hold = Schema<"appointments.HoldOut">;

/** A time kept for the patient: taken, extended, given back when it is not wanted any more or the screen is left. */
export interface Holding {
  readonly kept: Hold | null;
  /** Nearest times, when somebody else has just got the wished one. */
  readonly alternatives: readonly Slot[] | null;
  readonly pending: boolean;
  readonly refusal: Refusal | null;
  readonly take: (slot: Slot) => Promise<unknown>;
  readonly extend: () => Promise<unknown>;
  readonly extendRefusal: Refusal | null;
  readonly release: () => void;
  /** It has become an appointment: there is nothing to give back. */
  readonly used: () => void;
}

/** With a `place` it is found again after a reload, and given back with what is forgotten there. */
export function useHold(wish: Wish, callId: string | undefined, place: Place | undefined): Holding {
  const [kept, setKept] = useKept<Hold | null>(place, "hold", null);
  const live = useRef<string | null>(kept?.id ?? null);
  const keep = useCallback(
    (hold: Hold) => {
      live.current = hold.id;
      setKept(hold);
    },
    [setKept],
  );
  const take = useCommand(
    (slot: Slot, key: string) =>
      body(
        api.POST("/api/appointments/v1/holds", {
          body: holdOf(slot, wish, callId),
          headers: { "Idempotency-Key": key },
        }),
      ),
    (hold: Hold) => {
      giveBack(live.current);
      keep(hold);
    },
  );
  const extend = useCommand(
    (id: string, key: string) =>
      body(
        api.POST("/api/appointments/v1/holds/{hold_id}/extend", {
          params: { path: { hold_id: id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    keep,
  );
  const passing = place === undefined;
  useEffect(
    () => () => {
      if (passing) giveBack(live.current);
    },
    [passing],
  );
  const others = take.refusal?.more.alternatives;
  return {
    kept,
    alternatives: Array.isArray(others) && others.length ? (others as readonly Slot[]) : null,
    pending: take.pending,
    refusal: take.refusal,
    take: take.run,
    extend: () => extend.run(kept?.id ?? ""),
    extendRefusal: extend.refusal,
    release: () => {
      giveBack(live.current);
      live.current = null;
      setKept(null);
      take.renew();
    },
    used: () => {
      live.current = null;
      setKept(null);
    },
  };
}

function holdOf(slot: Slot, wish: Wish, callId: string | undefined): Schema<"appointments.HoldIn"> {
  const one = wish.practitionerId || (slot.practitioners?.length === 1 ? slot.practitioners[0] : undefined);
  return {
    reason_id: wish.reasonId,
    site_id: slot.site_id,
    start: slot.start,
    mode: slot.mode,
    first_visit: false,
    ...(one ? { practitioner_id: one } : {}),
    ...(callId ? { call_id: callId } : {}),
  };
}
