import { useCallback, useEffect, useRef, useState } from "react";
import { api, body, type Refusal, type Schema } from "../api/client";
import { useCommand } from "../api/command";
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

export function useHold(wish: Wish, callId: string | undefined): Holding {
  const [kept, setKept] = useState<Hold | null>(null);
  const live = useRef<string | null>(null);
  const keep = useCallback((hold: Hold) => {
    live.current = hold.id;
    setKept(hold);
  }, []);
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
  useEffect(() => () => giveBack(live.current), []);
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

/** Said once and not waited for: a hold that is not given back ends by itself. */
function giveBack(id: string | null): void {
  if (id === null) return;
  api
    .DELETE("/api/appointments/v1/holds/{hold_id}", { params: { path: { hold_id: id } } })
    .catch(() => undefined);
}
