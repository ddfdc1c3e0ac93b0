import type { Stage } from "../../cooperation/badges";
import type { Entry } from "./queries";

interface Step {
  readonly stage: Stage;
  /** Entries of the trace that say it was reached. */
  readonly kinds: readonly string[];
}

/** The way of a turn, in the order in which it goes. */
export const STEPS: readonly Step[] = [
  { stage: "received", kinds: ["run.received"] },
  { stage: "washing", kinds: ["run.wash_started"] },
  { stage: "washed", kinds: ["run.washed"] },
  { stage: "assembled", kinds: ["run.assembled"] },
  { stage: "packed", kinds: ["run.packed"] },
  { stage: "sterilising", kinds: ["run.sterilisation_started"] },
  { stage: "released", kinds: ["run.released"] },
  { stage: "used", kinds: ["run.used"] },
];

/** The last entry of one of these kinds: after a second washing, the washing that counts. */
export function lastOf(entries: readonly Entry[], kinds: readonly string[]): Entry | undefined {
  return entries.filter((entry) => kinds.includes(entry.kind)).at(-1);
}

/** Where it was done: the station, else the place of the device. */
export function whereOf(entry: Entry): string {
  return entry.station ?? entry.place_name ?? "";
}
