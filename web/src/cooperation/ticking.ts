/**
 * Crates of a hand-over read one by one: a crate's mark, then (for who takes) the number on its seal. Pure, so that it
 * holds without a network; the server decides again.
 */
import { namesOf } from "../scan/names";
import { serialOf } from "./names";

export interface Crate {
  readonly id: string;
  readonly tag: string;
}

export interface Ticks {
  /** Crates read, each with the seal read after it: null for none yet. */
  readonly read: Readonly<Record<string, string | null>>;
  /** The crate whose seal is read next. */
  readonly current: string | null;
}

export const NO_TICKS: Ticks = { read: {}, current: null };
const SEAL = /^[0-9A-Za-z-]{1,40}$/;

export function isSeal(text: string): boolean {
  return SEAL.test(text.trim());
}

/** The crate of a list behind what was scanned, or behind its serial typed by hand. */
export function crateOf<T extends Crate>(text: string, crates: readonly T[]): T | undefined {
  const names = namesOf(text);
  const typed = text.trim().toUpperCase();
  return crates.find((crate) => names.includes(crate.tag) || serialOf(crate.tag).toUpperCase() === typed);
}

export type Heard = "crate" | "again" | "seal" | "unknown";

/** After one scan. `sealed`: the seal of each crate is read too. */
export function heard(
  ticks: Ticks,
  text: string,
  crates: readonly Crate[],
  sealed: boolean,
): readonly [Ticks, Heard] {
  const crate = crateOf(text, crates);
  if (crate) {
    const again = crate.id in ticks.read;
    const read = again ? ticks.read : { ...ticks.read, [crate.id]: null };
    return [{ read, current: crate.id }, again ? "again" : "crate"];
  }
  if (sealed && ticks.current && isSeal(text))
    return [{ read: { ...ticks.read, [ticks.current]: text.trim() }, current: ticks.current }, "seal"];
  return [ticks, "unknown"];
}

/** Reads or forgets one by hand, where a mark cannot be read. */
export function toggled(ticks: Ticks, id: string): Ticks {
  return id in ticks.read ? forgotten(ticks, id) : { read: { ...ticks.read, [id]: null }, current: id };
}

/** Without one crate: it has been taken, or was read by mistake. */
export function forgotten(ticks: Ticks, id: string): Ticks {
  const { [id]: _, ...read } = ticks.read;
  return { read, current: ticks.current === id ? null : ticks.current };
}
