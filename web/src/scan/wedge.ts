/**
 * A scanner that types like a keyboard. What it reads arrives as keys at most 35 ms apart (150 once
 * it is sure to be a scanner) that end with Enter or Tab, or that a set key opens. Pure: keys in, readings out; `listen.ts` ties it to the page.
 *
 * Which characters the keys mean is decided once for the device, by a calibration code, never guessed scan by scan:
 * `typed` takes the characters the system made of them, `physical` the places of the keys, read as a US keyboard.
 */
export type Layout = "typed" | "physical";

/** One key as the browser tells it. `at`: ms. */
export interface Key {
  readonly key: string;
  readonly code: string;
  readonly at: number;
  readonly shift?: boolean;
  readonly alt?: boolean;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

/** What one burst said, both ways. */
export interface Reading {
  readonly typed: string;
  readonly physical: string;
}

export interface Wedge {
  readonly typed: string;
  readonly physical: string;
  /** Keys of the burst so far that write something. */
  readonly keys: number;
  readonly last: number;
  /** Opened by the set key: it goes on until Enter or Tab, however slow. */
  readonly opened: boolean;
  /** Digits of a character being entered with Alt. */
  readonly alt: string;
}

/** `begin`: perhaps the first key of a burst. `inside`: one more. `done`: a reading ends here. `drop`: it was a person. */
export type Verdict =
  | { readonly kind: "begin" | "inside" | "drop" | "none" }
  | { readonly kind: "done"; readonly reading: Reading; readonly keys: number };

export const GAP_MS = 35;
/** Once so many keys came as no hand types them, the browser may pause in the middle of a code: its end alone would be
 *  read as another code. */
export const PAUSE_MS = 150;
/** Shorter bursts are a person's: nobody's code has three characters. */
export const LEAST = 4;
const GS = "\u001d";
const OPENED_FOR_MS = 3_000;

export const IDLE: Wedge = {
  typed: "",
  physical: "",
  keys: 0,
  last: Number.NEGATIVE_INFINITY,
  opened: false,
  alt: "",
};

const SHIFTED: Readonly<Record<string, readonly [string, string]>> = {
  Digit1: ["1", "!"],
  Digit2: ["2", "@"],
  Digit3: ["3", "#"],
  Digit4: ["4", "$"],
  Digit5: ["5", "%"],
  Digit6: ["6", "^"],
  Digit7: ["7", "&"],
  Digit8: ["8", "*"],
  Digit9: ["9", "("],
  Digit0: ["0", ")"],
  Minus: ["-", "_"],
  Equal: ["=", "+"],
  BracketLeft: ["[", "{"],
  BracketRight: ["]", "}"],
  Backslash: ["\\", "|"],
  Semicolon: [";", ":"],
  Quote: ["'", '"'],
  Backquote: ["`", "~"],
  Comma: [",", "<"],
  Period: [".", ">"],
  Slash: ["/", "?"],
  Space: [" ", " "],
};
const PAD: Readonly<Record<string, string>> = {
  NumpadAdd: "+",
  NumpadSubtract: "-",
  NumpadMultiply: "*",
  NumpadDivide: "/",
  NumpadDecimal: ".",
};

/** The character that a key of a US keyboard writes; empty for one that writes none. */
export function onUsKeyboard(code: string, shift: boolean): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shift ? letter : letter.toLowerCase();
  const pair = SHIFTED[code];
  if (pair) return pair[shift ? 1 : 0];
  return /^Numpad(\d)$/.exec(code)?.[1] ?? PAD[code] ?? "";
}

function digitOf(code: string): string {
  return /^(?:Numpad|Digit)(\d)$/.exec(code)?.[1] ?? "";
}

/** What a key adds, both ways; null for one that writes nothing (Shift, arrows, F keys). */
function written(key: Key): readonly [typed: string, physical: string] | null {
  if (key.key === GS || (key.ctrl && (key.key === "]" || key.code === "BracketRight"))) return [GS, GS];
  if (key.ctrl || key.meta) return null;
  const physical = onUsKeyboard(key.code, key.shift === true);
  if (key.key === "Dead") return ["^", physical];
  if ([...key.key].length !== 1) return null;
  return [key.key, physical || key.key];
}

/** Text of a burst when it is known to end a separator by Alt+029. */
function closedAlt(wedge: Wedge): Wedge {
  if (wedge.alt === "") return wedge;
  const gs = Number(wedge.alt) === 29 ? GS : "";
  return { ...wedge, alt: "", typed: wedge.typed + gs, physical: wedge.physical + gs };
}

/** The next state, and what the key was. `opener`: the key that a scanner is set to send first, such as `F9`. */
export function feed(before: Wedge, key: Key, opener?: string): readonly [Wedge, Verdict] {
  const none = { kind: "none" } as const;
  if (opener !== undefined && key.key === opener)
    return [{ ...IDLE, last: key.at, opened: true }, { kind: "inside" }];
  const sure = before.keys >= LEAST ? PAUSE_MS : GAP_MS;
  const near = key.at - before.last <= (before.opened ? OPENED_FOR_MS : sure);
  if (key.alt && digitOf(key.code)) {
    if (!near && before.keys === 0) return [before, none];
    return [{ ...before, alt: before.alt + digitOf(key.code), last: key.at }, { kind: "inside" }];
  }
  if (key.key === "Enter" || key.key === "Tab") {
    const whole = closedAlt(before);
    const reading = { typed: whole.typed, physical: whole.physical };
    const enough = whole.opened ? whole.keys > 0 : whole.keys >= LEAST;
    if (near && enough) return [IDLE, { kind: "done", reading, keys: whole.keys }];
    return [IDLE, { kind: "drop" }];
  }
  const says = written(key);
  // Shift and Alt go with what they change; Ctrl+C and its like are a person's.
  if (says === null)
    return [key.key.length > 1 ? { ...before, last: near ? key.at : before.last } : IDLE, none];
  const base = near ? closedAlt(before) : IDLE;
  const after: Wedge = {
    ...base,
    typed: base.typed + says[0],
    physical: base.physical + says[1],
    keys: base.keys + 1,
    last: key.at,
  };
  return [after, { kind: near && before.keys + (before.opened ? 1 : 0) > 0 ? "inside" : "begin" }];
}

/** Read once at the opening of a station: it holds what differs between keyboards. */
export const CALIBRATION = "CAL:]d2(0123456789)-AZQWM";

/** Which way of reading gives the calibration code back; null when neither does: nothing is guessed. */
export function calibrated(reading: Reading): Layout | null {
  if (reading.typed === CALIBRATION) return "typed";
  return reading.physical === CALIBRATION ? "physical" : null;
}

export function textOf(reading: Reading, layout: Layout): string {
  return layout === "physical" ? reading.physical : reading.typed;
}
