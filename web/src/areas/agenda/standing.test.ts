import { expect, test } from "vitest";
import type { Visit } from "./queries";
import { boardOf } from "./standing";

const now = new Date("2026-11-23T08:30:00Z");
const visit = (start: string, end: string, status = "booked") =>
  ({
    id: `${start}${status}`,
    start: `2026-11-23T${start}:00Z`,
    end: `2026-11-23T${end}:00Z`,
    status,
  }) as Visit;

test("every visit of the day stands in one column", () => {
  const all = [
    visit("08:40", "09:00"),
    visit("08:20", "08:40"),
    visit("07:40", "08:00"),
    visit("08:20", "08:40", "arrived"),
    visit("08:00", "08:20", "fulfilled"),
  ];
  const board = boardOf(all, now);
  const counts = [board.expected, board.late, board.toClose, board.arrived, board.done].map(
    (each) => each.length,
  );
  expect(counts).toEqual([1, 1, 1, 1, 1]);
});
