/** Where each visit of the day stands for who receives: no clock decides for a person, it only sorts. */
import type { Visit } from "./queries";

export interface Board {
  readonly expected: readonly Visit[];
  readonly late: readonly Visit[];
  readonly arrived: readonly Visit[];
  /** Its time is over and nobody has said what became of it. */
  readonly toClose: readonly Visit[];
  readonly done: readonly Visit[];
}

/** Somebody who was due five minutes ago is late; his visit is to be closed once its end has passed. */
const LATE_MS = 5 * 60_000;
export const MISS_MS = 15 * 60_000;

export function boardOf(visits: readonly Visit[], now: Date): Board {
  const at = now.getTime();
  const due = visits.filter((each) => each.status === "booked" || each.status === "pending");
  const over = (each: Visit) => Date.parse(each.end) + MISS_MS <= at;
  const isLate = (each: Visit) => Date.parse(each.start) + LATE_MS <= at;
  return {
    expected: due.filter((each) => !isLate(each)),
    late: due.filter((each) => isLate(each) && !over(each)),
    arrived: visits.filter((each) => each.status === "arrived"),
    toClose: due.filter(over),
    done: visits.filter((each) => each.status === "fulfilled" || each.status === "noshow"),
  };
}
