import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, body, type Schema } from "../api/client";
import { useLiveQuery } from "../live/live";
import type { Language } from "../words/language";
import { addDays, dayAndTime, instantAt, today } from "../words/time";
import type { Mode } from "./directory";

export type Slot = Schema<"appointments.Slot">;
export type Moment = "" | "morning" | "afternoon";

export interface Wish {
  readonly reasonId: string;
  readonly siteId: string;
  readonly practitionerId: string;
  readonly mode: Mode | "";
  readonly moment: Moment;
  /** A local day, or empty: from now on. */
  readonly from: string;
  /** How far it is searched, in days. */
  readonly days: number;
}

export const FORTNIGHT = 14;
/** As far as one question may go. */
export const FAR = 61;
/** How many times are read at once; five are shown. */
const READ = 30;
export const SHOWN = 5;

function queryOf(wish: Wish) {
  const first = wish.from || today();
  const noon = { morning: { before: "12:00" }, afternoon: { after: "12:00" }, "": {} }[wish.moment];
  return {
    reason: wish.reasonId,
    ...(wish.mode ? { mode: wish.mode } : {}),
    ...(wish.siteId ? { site: [wish.siteId] } : {}),
    ...(wish.practitionerId ? { practitioner: [wish.practitionerId] } : {}),
    ...(wish.from > today() ? { from: instantAt(wish.from, "00:00") } : {}),
    to: instantAt(addDays(first, wish.days), "00:00"),
    ...noon,
  };
}

export const slotId = (slot: Slot) => `${slot.start}/${slot.site_id}/${slot.mode}`;

/** « mardi 24 novembre, 9 h 20 » */
export function slotText(slot: { readonly start: string }, language: Language): string {
  return dayAndTime(slot.start, language);
}

/** Whether a time that was shown is no longer among the free ones, as far as the newer list reaches. */
export function isGone(slot: Slot, fresh: readonly Slot[], complete: boolean): boolean {
  if (fresh.some((each) => slotId(each) === slotId(slot))) return false;
  const reach = fresh.at(-1)?.start ?? "";
  return complete || Date.parse(slot.start) < Date.parse(reach);
}

/**
 * The first free times of a wish. The list under the hand does not move: what is shown stays until the wish changes or
 * the person asks; a time that is taken meanwhile is marked, not removed.
 */
export function useTimes(wish: Wish) {
  const query = queryOf(wish);
  const key = JSON.stringify(query);
  const fresh = useLiveQuery<readonly Slot[]>({
    queryKey: ["appointments", "slots", query],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/appointments/v1/slots", { params: { query: { ...query, limit: READ } }, signal }),
        )
      ).items,
    topics: ["appointments.availability_changed"],
    atMostEvery: 3_000,
  });
  const [shown, show] = useState<{ readonly key: string; readonly slots: readonly Slot[] } | null>(null);
  const wanted = useRef<string | null>(null);
  const { data, isFetching } = fresh;
  useEffect(() => {
    if (!data || isFetching) return;
    if (shown?.key === key && wanted.current === null) return;
    wanted.current = null;
    show({ key, slots: data });
  }, [data, isFetching, key, shown?.key]);
  const slots = shown?.key === key ? shown.slots : undefined;
  return {
    ...fresh,
    data: slots,
    gone: (slot: Slot) => (data ? isGone(slot, data, data.length < READ) : false),
    /** Shows the newest list. */
    again: async () => {
      wanted.current = key;
      const read = await fresh.refetch();
      if (read.data) show({ key, slots: read.data });
      wanted.current = null;
    },
  };
}

/** Days ahead that have free times, with how many. */
export function useDays(wish: Wish, enabled = true) {
  const query = { ...queryOf({ ...wish, from: "", days: FAR }), limit: 14 };
  return useQuery({
    queryKey: ["appointments", "days", query],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/appointments/v1/days", { params: { query }, signal }))).items,
    enabled,
    staleTime: 30_000,
  });
}
