import { expect, test } from "vitest";
import { usualOf } from "./usual";

const visit = (start: string, practitioner_id: string, reason_id: string, status = "fulfilled") => ({
  start,
  practitioner_id,
  reason_id,
  status,
});

test("the doctor seen most, and the last reason with this doctor", () => {
  const visits = [
    visit("2026-10-01T09:00:00Z", "b", "vaccination"),
    visit("2026-09-01T09:00:00Z", "a", "follow-up"),
    visit("2026-11-20T09:00:00Z", "a", "consultation", "cancelled"),
    visit("2026-03-01T09:00:00Z", "a", "consultation"),
  ];
  expect(usualOf(visits, null)).toEqual({ practitionerId: "a", reasonId: "follow-up" });
});

test("the doctor of the file comes first, where there was a visit", () => {
  const visits = [visit("2026-10-01T09:00:00Z", "b", "x"), visit("2026-09-01T09:00:00Z", "a", "y")];
  expect(usualOf(visits, "a")).toEqual({ practitionerId: "a", reasonId: "y" });
  expect(usualOf(visits, "c")).toEqual({ practitionerId: "b", reasonId: "x" });
});

test("nothing is guessed for who never came", () => {
  expect(usualOf([], null)).toEqual({});
  expect(usualOf([], "a")).toEqual({ practitionerId: "a" });
});
