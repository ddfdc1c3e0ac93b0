import { expect, test } from "vitest";
import { periodOf } from "./period";

test("a period is whole days, both included, over months and years", () => {
  expect(periodOf("week", "2026-11-25")).toEqual({ from: "2026-11-23", to: "2026-11-29" });
  expect(periodOf("lastWeek", "2027-01-02")).toEqual({ from: "2026-12-21", to: "2026-12-27" });
  expect(periodOf("month", "2028-02-10")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
  expect(periodOf("lastMonth", "2027-01-31")).toEqual({ from: "2026-12-01", to: "2026-12-31" });
});
