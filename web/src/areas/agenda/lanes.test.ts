import fc from "fast-check";
import { expect, test } from "vitest";
import { lanesOf, type Span } from "./lanes";

test("those that meet share the width, the next has it whole", () => {
  const spans = [
    { start: 0, end: 30 },
    { start: 10, end: 20 },
    { start: 20, end: 30 },
    { start: 30, end: 40 },
  ];
  expect(lanesOf(spans)).toEqual([
    { at: 0, of: 2 },
    { at: 1, of: 2 },
    { at: 1, of: 2 },
    { at: 0, of: 1 },
  ]);
});

test("two that meet never lie on each other", () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 30 }))
    .map(([start, minutes]): Span => ({ start, end: start + minutes }));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), (found) => {
      const spans = [...found].sort((a, b) => a.start - b.start);
      const lanes = lanesOf(spans);
      spans.forEach((one, i) => {
        spans.forEach((other, j) => {
          if (i >= j || one.end <= other.start || other.end <= one.start) return;
          expect(lanes[i]?.of).toBe(lanes[j]?.of);
          expect(lanes[i]?.at).not.toBe(lanes[j]?.at);
        });
      });
      expect(lanes.every((each) => each.at < each.of)).toBe(true);
    }),
  );
});
