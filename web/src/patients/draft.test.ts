import { describe, expect, it } from "vitest";
import { bodyOf, contradictions, draftOf, merged, patchOf } from "./draft";

const before = { ...draftOf({ q: "Le Goff", birth_date: "1968-02-17" }), birth_given_names: "Anne" };

describe("a file that two people change", () => {
  const mine = { ...before, used_family_name: "Martel", birth_given_names: "Anne Marie" };
  const theirs = { ...before, sex: "female" as const, birth_given_names: "Annie" };

  it("sends only what was changed", () => {
    expect(patchOf(before, mine)).toEqual({ used_family_name: "Martel", birth_given_names: "Anne Marie" });
    expect(patchOf(before, before)).toEqual({});
  });
  it("asks only about the field that both changed", () => {
    expect(contradictions(before, mine, theirs)).toEqual(["birth_given_names"]);
  });
  it("loses neither's other fields, whichever is kept", () => {
    const kept = merged(before, mine, theirs, []);
    expect([kept.birth_given_names, kept.used_family_name, kept.sex]).toEqual([
      "Anne Marie",
      "Martel",
      "female",
    ]);
    const taken = merged(before, mine, theirs, ["birth_given_names"]);
    expect([taken.birth_given_names, taken.used_family_name, taken.sex]).toEqual([
      "Annie",
      "Martel",
      "female",
    ]);
  });
});

it("begins a file with what was searched, and sends dates and contacts as the service reads them", () => {
  const draft = draftOf({ q: "Le Goff", birth_date: "1968-02-17", phone: "03 85 00 00 00" });
  expect(draft.birth_date).toBe("17/02/1968");
  expect(bodyOf({ ...draft, birth_date: "17021968" })).toMatchObject({
    birth_date: "1968-02-17",
    contacts: [{ kind: "landline", value: "03 85 00 00 00" }],
    used_family_name: null,
  });
});
