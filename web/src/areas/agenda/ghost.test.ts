import { expect, test } from "vitest";
import type { Column, Placed } from "./blocks";
import { groundOf, lifted, placeOf, stepped } from "./ghost";

const columns: readonly Column[] = ["a", "b"].map((id) => ({ id, practitionerId: id, day: "2027-03-28" }));
const at = (id: string, kind: "visit" | "free", column: string, clock: string, minutes = 20) =>
  ({ id, kind, column, from: `2027-03-28T${clock}:00`, minutes }) as Placed;
const visit = at("v", "visit", "a", "09:20");
const blocks = [
  visit,
  at("f", "free", "a", "09:40"),
  at("w", "visit", "b", "09:20"),
  at("g", "free", "b", "09:40"),
];
const hours = [8, 19] as const;

test("arrows move by five minutes and by column, and stop at the borders", () => {
  let ghost = lifted(visit, columns);
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"])
    ghost = stepped(ghost, key, columns.length, hours) ?? ghost;
  expect(placeOf(ghost, columns)).toEqual({ column: columns[1], wall: "2027-03-28T09:40:00" });
  for (let press = 0; press < 20; press++) ghost = stepped(ghost, "PageUp", 2, hours) ?? ghost;
  expect(placeOf(ghost, columns)?.wall).toBe("2027-03-28T08:00:00");
  expect(stepped(ghost, "x", 2, hours)).toBeNull();
});

test("it says what it would stand on; its own place counts as free", () => {
  const ghost = lifted(visit, columns);
  const ground = (minute: number, column: number) =>
    groundOf({ ...ghost, minute, column }, columns[column] as Column, blocks);
  expect(ground(9 * 60 + 20, 0)).toBe("same");
  expect(ground(9 * 60 + 30, 0)).toBe("free");
  expect(ground(9 * 60 + 40, 0)).toBe("free");
  expect(ground(9 * 60 + 50, 0)).toBe("closed");
  expect(ground(9 * 60 + 30, 1)).toBe("taken");
});
