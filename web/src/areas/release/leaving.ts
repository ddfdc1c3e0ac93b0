import type { Schema } from "../../api/client";

type Curve = Schema<"cooperation.CurveOut">;

export interface Leaving {
  readonly from_s: number;
  readonly to_s: number;
  /** The lowest or highest probe while it was outside, and how far. */
  readonly worst_c: number;
  readonly by_k: number;
}

/**
 * Where the curve leaves its band between the first and the last time that every probe was inside: the rise and the fall
 * are no fault. The first such stretch, or null. Pure: the server's verdict decides, this only shows where to look.
 */
export function leaving(curve: Pick<Curve, "samples" | "temp_c" | "band_k">): Leaving | null {
  const { samples, temp_c: low } = curve;
  const high = low + curve.band_k;
  const inside = samples.map((each) => each.probes_c.every((probe) => probe >= low && probe <= high));
  const first = inside.indexOf(true);
  const last = inside.lastIndexOf(true);
  const from = inside.findIndex((good, at) => !good && at > first && at < last);
  if (first < 0 || from < 0) return null;
  const end = inside.indexOf(true, from);
  const away = samples.slice(from, end).flatMap((each) => each.probes_c);
  const by = (probe: number) => Math.max(low - probe, probe - high);
  const worst = away.reduce((a, b) => (by(b) > by(a) ? b : a), away[0] ?? low);
  return {
    from_s: samples[from]?.at_s ?? 0,
    to_s: samples[end]?.at_s ?? 0,
    worst_c: worst,
    by_k: by(worst),
  };
}
