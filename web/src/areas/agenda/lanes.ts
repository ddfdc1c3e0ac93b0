/** Blocks of one column that meet stand side by side. No React, no page. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Lane {
  readonly at: number;
  readonly of: number;
}

/** For spans in the order of their starts: the lane of each, and how many lanes those that meet share. */
export function lanesOf(spans: readonly Span[]): readonly Lane[] {
  const lanes: Lane[] = [];
  let group: number[] = [];
  let ends: number[] = [];
  const close = () => {
    group.forEach((at, index) => {
      lanes[lanes.length - group.length + index] = { at, of: ends.length };
    });
    group = [];
    ends = [];
  };
  for (const { start, end } of spans) {
    if (ends.every((each) => each <= start)) close();
    const free = ends.findIndex((each) => each <= start);
    const at = free < 0 ? ends.length : free;
    ends[at] = end;
    group.push(at);
    lanes.push({ at, of: 1 });
  }
  close();
  return lanes;
}
