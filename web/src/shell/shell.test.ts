import { describe, expect, it } from "vitest";
import { idleEnd } from "./idle";
import { keyText, pressed } from "./keys";
import { fits, patientQuery } from "./palette-sources";

describe("what is asked of the patients' search", () => {
  it.each([
    ["durand", { q: "durand" }],
    ["durand 12/03/1958", { q: "durand", birth_date: "1958-03-12" }],
    ["1/3/1958", null],
    ["12031958 marie", { q: "marie", birth_date: "1958-03-12" }],
    ["06 12 34 56 78", { phone: "06 12 34 56 78" }],
    ["martin +33612345678", { q: "martin", phone: "+33612345678" }],
    ["d", null],
    ["", null],
  ])("%s", (typed, asked) => {
    if (typed === "1/3/1958") expect(patientQuery(typed)?.phone).toBeUndefined();
    else expect(patientQuery(typed)).toEqual(asked);
  });

  it("finds words by how they begin, whatever accents and order", () => {
    expect(fits("Dr Adélaïde Chamachet", "cham adel")).toBe(true);
    expect(fits("Centre d'Autun", "autun")).toBe(true);
    expect(fits("Dr Adélaïde Chamachet", "laide")).toBe(false);
  });
});

const key = (
  key: string,
  held: Partial<Record<"ctrlKey" | "altKey" | "shiftKey" | "metaKey", boolean>> = {},
) => pressed({ key, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held });

describe("keys of one's own", () => {
  it("are what was pressed", () => {
    expect(key("r")).toEqual({ keys: "r" });
    expect(key("K", { ctrlKey: true })).toEqual({ keys: "$mod+k" });
    expect(key("F2")).toEqual({ keys: "F2" });
    expect(key("Shift", { shiftKey: true })).toBeNull();
  });
  it("are refused where they type characters or belong to the browser", () => {
    expect(key("e", { ctrlKey: true, altKey: true })).toEqual({ refused: "taken" });
    for (const taken of ["F1", "F5", "F11", "F12", "Enter"]) expect(key(taken)).toEqual({ refused: "taken" });
  });
  it("are shown as keyboards are labelled", () => {
    expect(keyText("$mod+k")).toBe("Ctrl K");
    expect(keyText("Shift+?")).toBe("?");
    expect(keyText("F2")).toBe("F2");
  });
});

describe("the end of an unused session", () => {
  const minute = 60_000;
  it("moves with each use, and never beyond the session's own end", () => {
    expect(idleEnd(60 * minute, 0, 0, 720 * minute)).toBe(60 * minute);
    expect(idleEnd(60 * minute, 0, 30 * minute, 720 * minute)).toBe(90 * minute);
    expect(idleEnd(60 * minute, 0, 700 * minute, 720 * minute)).toBe(720 * minute);
  });
});
