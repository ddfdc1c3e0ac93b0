import { describe, expect, it } from "vitest";
import { clockChange, holidaysBetween, holidaysOf } from "./calendar";
import { difference, draw, minutesOf, type Rule } from "./preview";
import { occurrences, parseRule } from "./recurrence";

const days = (text: string, first: string, start: string, end: string) => {
  const rule = parseRule(text);
  return rule && occurrences(rule, first, start, end);
};

const rule = (more: Partial<Rule> = {}): Rule => ({
  id: "r",
  kind: "clinic",
  local_start: "09:00",
  local_end: "12:00",
  reason_ids: [],
  modes: ["on_site"],
  room_id: null,
  step_minutes: null,
  audiences: ["public"],
  releases: [],
  first_date: "2026-11-02",
  rrule: "FREQ=WEEKLY;BYDAY=MO",
  on_holidays: false,
  ...more,
});

describe("recurrence", () => {
  it("counts a fortnight from the week of its first day", () => {
    expect(days("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "2026-11-05", "2026-11-05", "2026-12-01")).toEqual([
      "2026-11-05",
      "2026-11-16",
      "2026-11-19",
      "2026-11-30",
    ]);
  });
  it("finds the second Tuesday, the last Friday, an end and a count", () => {
    expect(days("FREQ=MONTHLY;BYDAY=2TU", "2026-01-01", "2026-11-01", "2027-01-01")).toEqual([
      "2026-11-10",
      "2026-12-08",
    ]);
    expect(days("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01", "2026-11-01", "2026-12-01")).toEqual(["2026-11-27"]);
    expect(days("FREQ=DAILY;UNTIL=20261103", "2026-11-01", "2026-11-02", "2026-12-01")).toEqual([
      "2026-11-02",
      "2026-11-03",
    ]);
    expect(days("FREQ=WEEKLY;COUNT=3", "2026-11-02", "2026-11-09", "2027-01-01")).toEqual([
      "2026-11-09",
      "2026-11-16",
    ]);
  });
  it("says so when it cannot draw a rule", () => {
    expect(parseRule("FREQ=YEARLY")).toBeNull();
    expect(parseRule("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1")).toBeNull();
  });
});

describe("calendar", () => {
  it("knows the movable holidays and the two of Alsace-Moselle", () => {
    expect(holidaysOf(2027, "FR").get("2027-03-29")).toBe("easterMonday");
    expect(holidaysOf(2027, "FR").get("2027-05-06")).toBe("ascension");
    expect(holidaysOf(2027, "FR-AM").get("2027-03-26")).toBe("goodFriday");
    expect(holidaysBetween("2026-12-20", "2027-01-05", "FR").has("2027-01-01")).toBe(true);
  });
  it("knows both changes of the clock", () => {
    expect(clockChange("2026-10-25")).toBe("longer");
    expect(clockChange("2027-03-28")).toBe("shorter");
    expect(clockChange("2027-03-21")).toBeNull();
  });
});

describe("preview", () => {
  const none = () => false;
  it("rests on a holiday, follows an exception on it", () => {
    const holiday = (day: string) => day === "2026-11-09";
    expect(draw([rule()], [], holiday, "2026-11-02", "2026-11-16").windows.map((each) => each.day)).toEqual([
      "2026-11-02",
    ]);
    expect(draw([rule({ on_holidays: true })], [], holiday, "2026-11-02", "2026-11-16").windows).toHaveLength(
      2,
    );
  });
  it("takes a day out, and adds one", () => {
    const drawn = draw(
      [rule()],
      [
        {
          id: "a",
          local_date: "2026-11-02",
          action: "remove",
          rule_id: null,
          opening: null,
          source: "manual",
        },
      ],
      none,
      "2026-11-02",
      "2026-11-16",
    );
    expect(drawn.windows.map((each) => each.day)).toEqual(["2026-11-09"]);
  });
  it("tells what was added, removed and kept", () => {
    const before = draw([rule()], [], none, "2026-11-02", "2026-11-09").windows;
    const after = draw([rule({ local_end: "11:00" })], [], none, "2026-11-02", "2026-11-09").windows;
    expect(difference(before, before).map((each) => each.change)).toEqual(["kept"]);
    expect(
      difference(before, after)
        .map((each) => each.change)
        .sort(),
    ).toEqual(["added", "removed"]);
  });
  it("measures a window across midnight", () => {
    expect(minutesOf({ local_start: "20:00", local_end: "01:00" })).toBe(300);
  });
});
