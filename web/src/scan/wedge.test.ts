import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CALIBRATION,
  calibrated,
  feed,
  IDLE,
  type Key,
  onUsKeyboard,
  type Reading,
  type Wedge,
} from "./wedge";

/** Where a US keyboard has its characters; a scanner set to US presses these places. */
const PLACES = new Map<string, { code: string; shift: boolean }>();
for (const code of [
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("").map((letter) => `Key${letter}`),
  ..."0123456789".split("").map((digit) => `Digit${digit}`),
  ...["Minus", "Equal", "BracketLeft", "BracketRight", "Semicolon", "Quote", "Slash", "Period", "Comma"],
]) {
  for (const shift of [false, true]) PLACES.set(onUsKeyboard(code, shift), { code, shift });
}
/** What a French system makes of the same places. */
const AZERTY: Record<string, [string, string]> = {
  Digit1: ["&", "1"],
  Digit2: ["é", "2"],
  Digit3: ['"', "3"],
  Digit4: ["'", "4"],
  Digit5: ["(", "5"],
  Digit6: ["-", "6"],
  Digit7: ["è", "7"],
  Digit8: ["_", "8"],
  Digit9: ["ç", "9"],
  Digit0: ["à", "0"],
  KeyQ: ["a", "A"],
  KeyA: ["q", "Q"],
  KeyW: ["z", "Z"],
  KeyZ: ["w", "W"],
  KeyM: [",", "?"],
  Semicolon: ["m", "M"],
  BracketLeft: ["Dead", "Dead"],
  BracketRight: ["$", "£"],
};

function keysOf(text: string, layout: "us" | "fr", gap = 5, from = 1_000): Key[] {
  let at = from;
  const keys: Key[] = [];
  for (const each of text) {
    const place = PLACES.get(each);
    at += gap;
    if (!place) throw new Error(`no place for ${each}`);
    const { code, shift } = place;
    const fr = AZERTY[code]?.[shift ? 1 : 0];
    if (shift) keys.push({ key: "Shift", code: "ShiftLeft", at, shift });
    keys.push({ key: layout === "fr" ? (fr ?? each) : each, code, at, shift });
  }
  keys.push({ key: "Enter", code: "Enter", at: at + gap });
  return keys;
}

function read(keys: readonly Key[], opener?: string): Reading[] {
  let wedge: Wedge = IDLE;
  const found: Reading[] = [];
  for (const key of keys) {
    const [after, verdict] = feed(wedge, key, opener);
    wedge = after;
    if (verdict.kind === "done") found.push(verdict.reading);
  }
  return found;
}

const text = fc
  .array(fc.constantFrom(...PLACES.keys()), { minLength: 4, maxLength: 60 })
  .map((each) => each.join(""));

describe("a scanner that types", () => {
  it("is read whole by the places of its keys, whatever the system's layout", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("us" as const, "fr" as const), (code, layout) => {
        expect(read(keysOf(code, layout)).map((each) => each.physical)).toEqual([code]);
      }),
    );
  });

  it("is read as typed where both speak the same layout", () => {
    fc.assert(
      fc.property(text, (code) => {
        expect(read(keysOf(code, "us"))[0]?.typed).toBe(code);
      }),
    );
  });

  it("gives garble as typed on a French system, and the server refuses it", () => {
    expect(read(keysOf("]d2800309", "fr"))[0]?.typed).toBe('$dé_àà"àç');
  });

  it("gives two readings for two bursts in one second", () => {
    const both = [...keysOf("AAAA1", "us"), ...keysOf("BBBB2", "us", 5, 1_200)];
    expect(read(both).map((each) => each.typed)).toEqual(["AAAA1", "BBBB2"]);
  });

  it("is read whole though the browser pauses in the middle: the end of a code is no code", () => {
    const keys = keysOf("8003AB12CD34", "us").map((key, place) =>
      place < 9 ? key : { ...key, at: key.at + 120 },
    );
    expect(read(keys).map((each) => each.typed)).toEqual(["8003AB12CD34"]);
  });

  it("is told by its calibration code once, never by a guess", () => {
    const on = (layout: "us" | "fr") => calibrated(read(keysOf(CALIBRATION, layout))[0] as Reading);
    expect(on("us")).toBe("typed");
    expect(on("fr")).toBe("physical");
    expect(calibrated({ typed: "CAL:]d2", physical: "CAL:]d2" })).toBeNull();
  });

  it("sends the separator as Alt+029, as Ctrl+] or as itself", () => {
    const begin = keysOf("AB12", "us").slice(0, -1);
    const end = keysOf("CD", "us", 5, 1_080);
    const alt: Key[] = ["0", "2", "9"].map((digit, place) => ({
      key: "",
      code: `Numpad${digit}`,
      at: 1_045 + place * 5,
      alt: true,
    }));
    const held = [{ key: "Alt", code: "AltLeft", at: 1_040, alt: true }, ...alt];
    expect(read([...begin, ...held, ...end])[0]?.typed).toBe("AB12\u001dCD");
    const control: Key = { key: "]", code: "BracketRight", at: 1_050, ctrl: true };
    expect(read([...begin, control, ...end])[0]?.physical).toBe("AB12\u001dCD");
  });
});

describe("a person who types", () => {
  it("is never a scanner, whatever is typed", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 36, max: 400 }), (words, gap) => {
        expect(read(keysOf(words, "fr", gap))).toEqual([]);
      }),
    );
  });

  it("leaves nothing behind for the scan that follows", () => {
    const slow = keysOf("bonjour", "us", 90).slice(0, -1);
    const scan = keysOf("X1234", "us", 4, 5_000);
    expect(read([...slow, ...scan]).map((each) => each.typed)).toEqual(["X1234"]);
  });
});

it("may be opened by a set key, and is then read however slowly it comes", () => {
  const opened = [{ key: "F9", code: "F9", at: 900 }, ...keysOf("X12", "us", 60)];
  expect(read(opened, "F9").map((each) => each.typed)).toEqual(["X12"]);
});
