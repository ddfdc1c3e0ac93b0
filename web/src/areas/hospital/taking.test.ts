import { describe, expect, it } from "vitest";
import { absent, asSent, left, NOTHING, scanned, sealDiffers, sealed, undone } from "./taking";

const given = [
  { crate_id: "a", seal_given: "S1" },
  { crate_id: "b", seal_given: null },
];

describe("taking a delivery", () => {
  it("is complete once each crate is there or missing for a reason", () => {
    let draft = scanned(NOTHING, "a", "code-a");
    expect(left(draft, given)).toBe(1);
    draft = absent(draft, "b", " ");
    expect(left(draft, given)).toBe(1);
    draft = absent(draft, "b", "restée au quai");
    expect(left(draft, given)).toBe(0);
    expect(asSent(draft)).toEqual({
      crates: [{ code: "code-a", seal: null }],
      missing: [{ crate_id: "b", reason: "restée au quai" }],
    });
  });
  it("takes a missing crate that is scanned after all as there", () => {
    const draft = scanned(absent(NOTHING, "a", "perdue"), "a", "code-a");
    expect(asSent(draft).missing).toEqual([]);
    expect(left(undone(draft, "a"), given)).toBe(2);
  });
  it("keeps the seal of a crate that is scanned twice", () => {
    const draft = scanned(sealed(scanned(NOTHING, "a", "code-a"), "a", "S2"), "a", "code-a");
    expect(draft.here.a?.seal).toBe("S2");
    expect(sealDiffers(draft, { crate_id: "a", seal_given: "S1" })).toBe(true);
  });
});
