import { describe, expect, it } from "vitest";
import { changesOf, signsOf } from "./flags";

const chest = { code: "chest_pain", label: "Douleur dans la poitrine", questions: ["Depuis quand ?"] };
const stroke = { code: "stroke", label: "Visage ou bras atteint", questions: [] };

describe("lists of signs", () => {
  it("tells a doctor what is added, removed and reworded before it is signed", () => {
    const asked = { ...chest, questions: ["Depuis quand ?", "Va-t-elle vers le bras ?"] };
    const fever = { code: "infant_fever", label: "Fièvre avant 3 mois", questions: [] };
    expect(changesOf([chest, stroke], [asked, fever])).toEqual({
      added: [fever],
      removed: [stroke],
      reworded: [asked],
    });
    expect(changesOf([stroke], [{ code: stroke.code, label: stroke.label, questions: [] }])).toEqual({
      added: [],
      removed: [],
      reworded: [],
    });
  });

  it("sends no question that was left empty", () => {
    expect(signsOf([{ code: " stroke ", label: "Visage", questions: ["", " Quand ? ", ""] }])).toEqual([
      { code: "stroke", label: "Visage", questions: ["Quand ?"] },
    ]);
  });
});
