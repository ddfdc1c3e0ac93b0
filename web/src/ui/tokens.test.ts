import { describe, expect, it } from "vitest";
import css from "./tokens.css?raw";

function tokens(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]));
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const light = tokens(":root");
const dark = { ...light, ...tokens(':root[data-theme="dark"]') };
const TEXT: readonly (readonly [string, string])[] = [
  ...["surface", "page", "raised"].flatMap(
    (ground) =>
      [
        ["text", ground],
        ["text-2", ground],
      ] as const,
  ),
  ...["primary", "ok", "warn", "danger", "info"].map((colour) => [colour, "surface"] as const),
  ...["ok", "warn", "danger", "info"].flatMap(
    (state) =>
      [
        [state, `${state}-tint`],
        ["text", `${state}-tint`],
      ] as const,
  ),
  ["primary", "page"],
  ["on-primary", "primary"],
  ["on-stop", "stop"],
];
const SHAPES: readonly (readonly [string, string])[] = [
  ["border", "surface"],
  ["border", "page"],
  ["focus", "surface"],
  ["focus", "page"],
  ...[1, 2, 3, 4, 5, 6].map((n) => [`series-${n}`, "surface"] as const),
];

describe.each([
  ["light", light],
  ["dark", dark],
])("contrast of the %s theme", (_, theme) => {
  it.each(TEXT)("%s on %s can be read: 4.5", (colour, ground) => {
    expect(contrast(theme[colour] ?? "", theme[ground] ?? "")).toBeGreaterThanOrEqual(4.5);
  });
  it.each(SHAPES)("%s on %s can be seen: 3", (colour, ground) => {
    expect(contrast(theme[colour] ?? "", theme[ground] ?? "")).toBeGreaterThanOrEqual(3);
  });
});
