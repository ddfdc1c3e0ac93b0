import type { Schema } from "../../api/client";

type Line = Schema<"cooperation.CompositionLineOut">;

export interface Difference {
  readonly key: string;
  readonly model: string;
  readonly one: Line | null;
  readonly other: Line | null;
  readonly state: "same" | "added" | "removed" | "changed";
}

/** The lines of two versions beside each other: by instrument model, the second line of a model with the second. */
export function compared(one: readonly Line[], other: readonly Line[]): Difference[] {
  const left = [...one];
  const rows = other.map((line): Difference => {
    const at = left.findIndex((each) => each.model_id === line.model_id);
    const found = at < 0 ? null : (left.splice(at, 1)[0] ?? null);
    return { key: line.id, model: line.model_id, one: found, other: line, state: stateOf(found, line) };
  });
  const gone = left.map(
    (line): Difference => ({ key: line.id, model: line.model_id, one: line, other: null, state: "removed" }),
  );
  return [...rows, ...gone];
}

function stateOf(before: Line | null, after: Line): Difference["state"] {
  if (!before) return "added";
  const same =
    before.quantity === after.quantity && before.mode === after.mode && before.critical === after.critical;
  return same ? "same" : "changed";
}
