import { addDays, mondayOf } from "../../../words/time";

export type PeriodName = "week" | "lastWeek" | "month" | "lastMonth" | "quarter" | "own";
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** The local days of a named period, both included. */
export function periodOf(name: Exclude<PeriodName, "own">, day: string): Period {
  const monday = mondayOf(day);
  const first = `${day.slice(0, 7)}-01`;
  const before = `${addDays(first, -1).slice(0, 7)}-01`;
  const next = `${addDays(first, 31).slice(0, 7)}-01`;
  switch (name) {
    case "week":
      return { from: monday, to: addDays(monday, 6) };
    case "lastWeek":
      return { from: addDays(monday, -7), to: addDays(monday, -1) };
    case "month":
      return { from: first, to: addDays(next, -1) };
    case "lastMonth":
      return { from: before, to: addDays(first, -1) };
    case "quarter":
      return { from: addDays(monday, -91), to: addDays(monday, -1) };
  }
}
