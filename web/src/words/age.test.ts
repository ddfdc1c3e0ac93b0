import { expect, test } from "vitest";
import { aged } from "./time";

test("an age is said in the unit that a dose is read by", () => {
  const on = (birth: string) => aged(birth, "fr", "2026-11-23");
  expect(on("1972-11-23")).toBe("54 ans");
  expect(on("1972-11-24")).toBe("53 ans");
  expect(on("2023-11-24")).toBe("35 mois");
  expect(on("2026-09-24")).toBe("60 jours");
  expect(on("2026-09-23")).toBe("2 mois");
  expect(on("2026-11-22")).toBe("1 jour");
  expect(on("2026-11-24")).toBe("0 jour");
});
