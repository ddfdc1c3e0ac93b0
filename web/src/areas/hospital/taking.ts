/** What is counted of a delivery while it is taken, before it is sent. Pure. */

export interface Given {
  readonly crate_id: string;
  readonly seal_given: string | null;
}
export interface Counted {
  readonly code: string;
  readonly seal: string;
}
export interface Draft {
  /** By crate: what was scanned and the number read on its seal. */
  readonly here: Readonly<Record<string, Counted>>;
  /** By crate: why it is not there. */
  readonly missing: Readonly<Record<string, string>>;
}
export const NOTHING: Draft = { here: {}, missing: {} };

const without = <T>(of: Readonly<Record<string, T>>, id: string): Record<string, T> =>
  Object.fromEntries(Object.entries(of).filter(([key]) => key !== id));

/** A crate was scanned: it is there, whatever was said of it before. */
export function scanned(draft: Draft, id: string, code: string): Draft {
  if (draft.here[id]) return draft;
  return { here: { ...draft.here, [id]: { code, seal: "" } }, missing: without(draft.missing, id) };
}

export function sealed(draft: Draft, id: string, seal: string): Draft {
  const known = draft.here[id];
  return known ? { ...draft, here: { ...draft.here, [id]: { ...known, seal } } } : draft;
}

/** It is not there, and why. */
export function absent(draft: Draft, id: string, reason: string): Draft {
  return { here: without(draft.here, id), missing: { ...draft.missing, [id]: reason } };
}

/** Neither there nor missing: to be looked at again. */
export function undone(draft: Draft, id: string): Draft {
  return { here: without(draft.here, id), missing: without(draft.missing, id) };
}

/** What is left to settle before it can be taken. */
export function left(draft: Draft, given: readonly Given[]): number {
  return given.filter(({ crate_id: id }) => !draft.here[id] && !draft.missing[id]?.trim()).length;
}

/** Another seal than the one given: accepted, with an issue. */
export function sealDiffers(draft: Draft, { crate_id: id, seal_given }: Given): boolean {
  const known = draft.here[id];
  return known !== undefined && known.seal.trim() !== "" && known.seal.trim() !== (seal_given ?? "");
}

export function asSent(draft: Draft) {
  return {
    crates: Object.values(draft.here).map(({ code, seal }) => ({ code, seal: seal.trim() || null })),
    missing: Object.entries(draft.missing).map(([crate_id, reason]) => ({ crate_id, reason: reason.trim() })),
  };
}
