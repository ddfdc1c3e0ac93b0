/** When a vehicle will be at its stops: what was settled, then the roads as the group has measured them. Pure. */
import type { Schema } from "../../api/client";

export type Tour = Schema<"cooperation.TourOut">;
export type Stop = Schema<"cooperation.StopOut">;
export type Link = Pick<Schema<"cooperation.RoadLinkOut">, "from_site_id" | "to_site_id" | "seconds">;

export interface Due {
  readonly stop: Stop;
  /** When it was done, else when the vehicle will be there; null without a measured road. */
  readonly at: Date | null;
  /** Minutes behind the promise, negative before it; null when unknown. */
  readonly late: number | null;
}

type Planned = Pick<Tour, "leaves_at" | "state"> & { readonly stops: readonly Stop[] };

/** `home`: the site where the tour begins. */
export function expected(tour: Planned, links: readonly Link[], home: string, now: Date): readonly Due[] {
  let from = home;
  let clock: Date | null = new Date(tour.leaves_at);
  // A tour that has not left yet, though it should have, leaves now at the earliest.
  if ((tour.state === "planned" || tour.state === "loading") && clock < now) clock = now;
  return tour.stops.map((stop) => {
    const done = stop.settled_at ? new Date(stop.settled_at) : null;
    const road = links.find((link) => link.from_site_id === from && link.to_site_id === stop.site_id);
    let at = done ?? (clock && road ? new Date(clock.getTime() + road.seconds * 1000) : null);
    if (!done && at && tour.state === "under_way" && at < now) at = now;
    if (from === stop.site_id && !done && clock) at = clock;
    from = stop.site_id;
    clock = at;
    return { stop, at, late: at && Math.round((at.getTime() - Date.parse(stop.promised_at)) / 60_000) };
  });
}

/** Behind this a stop is told to be late (the group may say otherwise: `late_told` is the server's word). */
export const LATE_MIN = 15;

export type Pace = "served" | "failed" | "late" | "near" | "on_time" | "unknown";

export function paceOf({ stop, late }: Due): Pace {
  if (stop.state !== "expected") return stop.state;
  if (stop.late_told || (late !== null && late > LATE_MIN)) return "late";
  if (late === null) return "unknown";
  return late > 0 ? "near" : "on_time";
}
