import { expect, test } from "vitest";
import { instantOf, later, wallOf } from "./wall";

test.each([
  // The Sunday of the spring change, the one of the autumn change, and an ordinary Monday.
  ["2027-03-28T09:40:00", "2027-03-28T07:40:00.000Z"],
  ["2027-03-28T01:40:00", "2027-03-28T00:40:00.000Z"],
  ["2026-10-25T09:40:00", "2026-10-25T08:40:00.000Z"],
  ["2026-10-25T01:40:00", "2026-10-24T23:40:00.000Z"],
  ["2026-11-23T09:40:00", "2026-11-23T08:40:00.000Z"],
])("%s in Paris is %s, and back", (wall, instant) => {
  expect(instantOf(wall)).toBe(instant);
  expect(wallOf(instant)).toBe(wall);
});

test("a time that the spring change skips is drawn an hour later", () => {
  expect(wallOf(instantOf("2027-03-28T02:30:00"))).toBe("2027-03-28T03:30:00");
});

test("later counts on the wall", () => {
  expect(later("2026-11-23T23:50:00", 20)).toBe("2026-11-24T00:10:00");
});
