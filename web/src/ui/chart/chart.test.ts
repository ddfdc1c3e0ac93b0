import { describe, expect, it } from "vitest";
import { csvOf } from "./csv";
import { every, extent, step, ticks } from "./scale";

describe("axes", () => {
  it("have round values that hold the greatest", () => {
    expect(ticks(0, 17)).toEqual([0, 5, 10, 15, 20]);
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(0, 0.3).at(-1)).toBeGreaterThanOrEqual(0.3);
    expect(ticks(-3, 10)[0]).toBeLessThanOrEqual(-3);
  });
  it("know least and greatest without what is unknown", () => {
    expect(
      extent([
        [null, 3],
        [1, null],
      ]),
    ).toEqual([1, 3]);
    expect(extent([[null]])).toEqual([0, 1]);
  });
  it("write as many labels as there is room for", () => {
    expect(every(24, 600, 50)).toBe(2);
    expect(every(5, 600, 50)).toBe(1);
  });
  it("give a value its step of darkness", () => {
    expect([0, 4, 9, 10, null].map((value) => step(value, 10, 5))).toEqual([0, 2, 4, 4, null]);
  });
});

describe("a file for a spreadsheet", () => {
  it("is what each language's spreadsheet opens", () => {
    expect(
      csvOf(
        ["heure", "niveau"],
        [
          ["9 h", 0.5],
          ["10 h", null],
        ],
        "fr",
      ),
    ).toBe("\ufeffheure;niveau\r\n9 h;0,5\r\n10 h;\r\n");
    expect(csvOf(["a", "b"], [["x,y", 0.5]], "en")).toBe('\ufeffa,b\r\n"x,y",0.5\r\n');
  });
  it("does not let a text act as a formula", () => {
    expect(csvOf(["a"], [["=1+1"], ['dit "oui"']], "fr")).toBe('\ufeffa\r\n\'=1+1\r\n"dit ""oui"""\r\n');
  });
});
