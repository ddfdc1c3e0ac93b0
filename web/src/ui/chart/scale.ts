/** Round values of an axis from nought (or the least) to at least the greatest: 0, 5, 10, 15. */
export function ticks(least: number, greatest: number, most = 5): readonly number[] {
  const low = Math.min(0, least);
  const span = Math.max(greatest - low, 1e-9);
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? power * 10;
  const first = Math.floor(low / step);
  const last = Math.ceil((low + span) / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** The least and the greatest of several rows, unknown values left out; `[0, 1]` when nothing is known. */
export function extent(rows: readonly (readonly (number | null)[])[]): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const row of rows)
    for (const value of row)
      if (value !== null) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
  return least > greatest ? [0, 1] : [least, greatest === least && greatest === 0 ? 1 : greatest];
}

/** Every how many of `count` labels is written, when each needs so many pixels of the width. */
export function every(count: number, width: number, needs: number): number {
  return Math.max(1, Math.ceil((count * needs) / Math.max(width, 1)));
}

/** Which of so many equal steps of darkness a value has, from 0; null stays null. */
export function step(value: number | null, greatest: number, steps: number): number | null {
  if (value === null) return null;
  if (greatest <= 0) return 0;
  return Math.min(steps - 1, Math.floor((value / greatest) * steps));
}
