import { describe, expect, it } from "vitest";
import { readBirthDate, readCriteria } from "./criteria";
import { phoneText } from "./phone";

describe("a birth date, any way people type it", () => {
  for (const typed of [
    "17/02/1968",
    "17021968",
    "17 02 1968",
    "17-2-1968",
    "17.02.68",
    "17 février 1968",
    "1968-02-17",
  ]) {
    it(typed, () => expect(readBirthDate(typed, 2026)).toBe("1968-02-17"));
  }
  it("is of this century when it can be", () => expect(readBirthDate("02/04/19", 2026)).toBe("2019-04-02"));
  for (const typed of ["31/02/1968", "31 02", "17/02/1968x", "", "1702196", "1er brumaire 1799"]) {
    it(`refuses « ${typed} »`, () => expect(readBirthDate(typed, 2026)).toBeNull());
  }
});

describe("what is searched", () => {
  it("sorts a name, a date and a phone in any order", () => {
    expect(readCriteria("06 39 98 00 01 Le Goff 17/02/1968", 2026)).toEqual({
      q: "Le Goff",
      birth_date: "1968-02-17",
      phone: "06 39 98 00 01",
    });
  });
  it("takes ten figures for a phone and eight for a date", () => {
    expect(readCriteria("0639980001", 2026)).toEqual({ phone: "0639980001" });
    expect(readCriteria("17021968", 2026)).toEqual({ birth_date: "1968-02-17" });
    expect(readCriteria("+33 6 39 98 00 01", 2026)).toEqual({ phone: "+33 6 39 98 00 01" });
  });
  it("asks nothing of one letter or half a number", () => {
    expect(readCriteria("L", 2026)).toEqual({});
    expect(readCriteria("0639", 2026)).toEqual({});
  });
  it("keeps accents, hyphens and apostrophes of a name", () => {
    expect(readCriteria("O'Brien-Lévêque 3 août 1990", 2026)).toEqual({
      q: "O'Brien-Lévêque",
      birth_date: "1990-08-03",
    });
  });
});

it("writes a French number as people read it", () => {
  expect(phoneText("+33639980001")).toBe("06\u00a039\u00a098\u00a000\u00a001");
  expect(phoneText("+41791234567")).toBe("+41791234567");
});
