import { expect, test } from "vitest";
import { setFrench, spaced } from "./spaces";

test("a mark or a unit never begins a line alone", () => {
  expect(setFrench("Prêt ? Oui : 12 min, 80 %")).toBe("Prêt\u00a0? Oui\u00a0: 12\u00a0min, 80\u00a0%");
  expect(setFrench("« Relève » 3 semaines, à 9 h 30")).toBe("«\u00a0Relève\u00a0» 3 semaines, à 9\u00a0h 30");
});

test("every sentence of a dictionary is set, whatever makes it", () => {
  const words = spaced({ late: (count: number) => `${count} min : trop`, kinds: { a: "A ?" }, all: ["B !"] });
  expect([words.late(5), words.kinds.a, words.all[0]]).toEqual([
    "5\u00a0min\u00a0: trop",
    "A\u00a0?",
    "B\u00a0!",
  ]);
});
