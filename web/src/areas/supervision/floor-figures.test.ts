import { describe, expect, it } from "vitest";
import {
  announced,
  firstSince,
  gradeOfCount,
  gradeOfLevel,
  gradeOfWait,
  seats,
  together,
} from "./floor-figures";
import type { Agent, Levels, Line } from "./queries";

const levels = (given: Partial<Levels>): Levels => ({
  offered: 0,
  answered: 0,
  abandoned: 0,
  short_abandoned: 0,
  answered_rate: null,
  sl_answered: null,
  sl_with_abandons: null,
  sl_offered: null,
  ...given,
});
const line = (given: Partial<Line>) =>
  ({
    open: true,
    estimate_s: null,
    waits_since: null,
    day: levels({}),
    half_hour: levels({}),
    ...given,
  }) as Line;

describe("the lines together", () => {
  it("weigh each line's level by its calls", () => {
    const day = together(
      [
        line({ day: levels({ answered: 90, offered: 100, sl_answered: 0.9, sl_offered: 0.8 }) }),
        line({ day: levels({ answered: 10, offered: 20, short_abandoned: 20, sl_answered: 0.5 }) }),
        line({}),
      ],
      "day",
    );
    expect(day.answered).toBe(100);
    expect(day.sl_answered).toBeCloseTo(0.86);
    expect(day.sl_offered).toBeCloseTo(0.8);
    expect(day.sl_with_abandons).toBeNull();
  });
  it("know who waits longest, and what a caller is told", () => {
    const two = [
      line({ waits_since: "2026-11-23T08:05:00Z", estimate_s: 60 }),
      line({ waits_since: "2026-11-23T09:04:00+01:00", estimate_s: 240 }),
      line({ open: false, estimate_s: 900 }),
    ];
    expect(firstSince(two)).toBe("2026-11-23T09:04:00+01:00");
    expect(announced(two)).toBe(240);
    expect(announced([])).toBeNull();
  });
});

describe("amber and red", () => {
  it("begin below the goal, past the threshold, with the first that is late", () => {
    expect([0.8, 0.79, 0.6, 0.59, null].map((level) => gradeOfLevel(level, 0.8))).toEqual([
      "ok",
      "warn",
      "warn",
      "danger",
      null,
    ]);
    expect([20, 21, 60, 61].map((wait) => gradeOfWait(wait, 20))).toEqual(["ok", "warn", "warn", "danger"]);
    expect([0, 1, 3].map((count) => gradeOfCount(count, 3))).toEqual(["ok", "warn", "danger"]);
  });
});

it("a seat whose desk is closed is away, whatever it was", () => {
  const agent = (presence: string, work_state: string) => ({ presence, work_state }) as Agent;
  const counted = seats([agent("online", "ready"), agent("offline", "on_call"), agent("stale", "wrap_up")]);
  expect(counted).toEqual({ ready: 1, offered: 0, on_call: 0, wrap_up: 1, not_ready: 0, offline: 1 });
});
