import { expect, test } from "vitest";
import { placed, windowsOf } from "./order";

test("a visit goes to another place, and nowhere outside the list", () => {
  expect(placed(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(placed(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(placed(["a", "b"], 1, 2)).toEqual(["a", "b"]);
});

test("only coming visits of one window change places", () => {
  const stop = (id: string, status: string, start: string, window_start: string | null) => ({
    appointment_id: id,
    status,
    start,
    window_start,
  });
  const found = windowsOf(
    [
      stop("over", "booked", "2026-11-23T08:00:00Z", "w1"),
      stop("done", "fulfilled", "2026-11-23T09:00:00Z", "w1"),
      stop("a", "booked", "2026-11-23T10:00:00Z", "w1"),
      stop("b", "pending", "2026-11-23T11:00:00Z", "w1"),
      stop("c", "booked", "2026-11-23T14:00:00Z", "w2"),
      stop("stray", "booked", "2026-11-23T20:00:00Z", null),
    ],
    new Date("2026-11-23T08:30:00Z"),
  );
  expect(found.map((group) => group.map((each) => each.appointment_id))).toEqual([["a", "b"], ["c"]]);
});
