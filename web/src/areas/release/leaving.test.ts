import { expect, it } from "vitest";
import { leaving } from "./leaving";

/** 134.5 °C every 5 s, with a rise and a fall, and some samples changed. */
function curve(changed: Readonly<Record<number, number>> = {}) {
  const samples = Array.from({ length: 220 }, (_, place) => {
    const edge = place < 4 || place > 215;
    const temp = changed[place] ?? (edge ? 125 : 134.5);
    return { at_s: place * 5, probes_c: [134.6, temp], pressure_kpa: null };
  });
  return { samples, temp_c: 134, band_k: 3 };
}

it("finds nothing in a plateau that holds, whatever the rise and the fall", () => {
  expect(leaving(curve())).toBeNull();
});

it("opens at the 20 seconds that were too cold, and says by how much", () => {
  const found = leaving(curve({ 132: 133.6, 133: 133.6, 134: 133.7, 135: 133.6 }));
  expect(found).toMatchObject({ from_s: 660, to_s: 680, worst_c: 133.6 });
  expect(found?.by_k).toBeCloseTo(0.4);
});

it("says nothing of a cycle that never reached its band", () => {
  expect(leaving({ ...curve(), temp_c: 140 })).toBeNull();
});
