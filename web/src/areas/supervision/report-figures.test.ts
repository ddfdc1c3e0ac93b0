import { expect, it } from "vitest";
import { bands, byHour, people, spanOf } from "./report-figures";
import { spread } from "./staffing-figures";

it("a span counts its first and its last day, also where a day has 25 hours", () => {
  expect(spanOf("2026-11-23", "2026-11-23")).toBe(1);
  expect(spanOf("2026-10-24", "2026-10-26")).toBe(3);
});

it("bands of waiting add up over all buckets", () => {
  const row = (from_s: number, answered: number) => ({
    begins: "",
    ends: "",
    from_s,
    to_s: null,
    answered,
    abandoned: 1,
  });
  expect(bands([row(20, 2), row(0, 5), row(20, 3)])).toEqual([
    { from: 0, to: null, answered: 5, abandoned: 1 },
    { from: 20, to: null, answered: 5, abandoned: 2 },
  ]);
});

it("people are told together only", () => {
  const row = (label: string) =>
    ({
      begins: "2026-11-23T08:00:00Z",
      label,
      ready_s: 1800,
      offered_s: 0,
      on_call_s: 3600,
      wrap_up_s: 900,
      not_ready_s: { meal: 600, other: 300 },
    }) as unknown as Parameters<typeof people>[0][number];
  expect(people([row("poste 1"), row("poste 2")])).toEqual([
    { begins: "2026-11-23T08:00:00Z", ready: 1, on_call: 2, wrap: 0.5, not_ready: 0.5 },
  ]);
});

it("weekdays by hour leave out hours without calls and keep what is too few untold", () => {
  const row = (week_day: number, hour: number, volume: number | null) =>
    ({ week_day, hour, volume }) as Parameters<typeof byHour>[0][number];
  const found = byHour([row(1, 10, 7), row(1, 9, 12), row(7, 9, null)]);
  expect(found.hours).toEqual([9, 10]);
  expect(found.values[0]).toEqual([12, 7]);
  expect(found.values[6]).toEqual([null, null]);
});

it("a day's calls are spread without losing one", () => {
  expect(spread(630).reduce((sum, each) => sum + each, 0)).toBeCloseTo(630);
});
