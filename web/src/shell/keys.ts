const NAMES: Readonly<Record<string, string>> = {
  $mod: "Ctrl",
  Control: "Ctrl",
  Shift: "Maj",
  Meta: "Meta",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  " ": "Espace",
  Escape: "Échap",
};
const MARK = /^Shift\+([^\p{L}\d])$/u;

/** A shortcut as keyboards are labelled: `$mod+k` is « Ctrl K », `Shift+?` is « ? ». */
export function keyText(keys: string): string {
  const mark = keys.match(MARK)?.[1];
  if (mark) return mark;
  return keys
    .split("+")
    .map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(" ");
}

const TAKEN = new Set([
  "F1",
  "F5",
  "F11",
  "F12",
  "Tab",
  "Enter",
  "Escape",
  " ",
  "Dead",
  "Process",
  "Unidentified",
]);
const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock"]);

export type Pressed = { readonly keys: string } | { readonly refused: "taken" } | null;

/** The shortcut that was just pressed; null while only modifiers are held. Ctrl+Alt types characters on French
 *  keyboards, and some keys belong to the browser or to every dialog: both are refused. */
export function pressed(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">,
): Pressed {
  const { key } = event;
  if (MODIFIERS.has(key)) return null;
  if (TAKEN.has(key) || (event.ctrlKey && event.altKey)) return { refused: "taken" };
  const held = [
    event.ctrlKey ? "$mod" : event.metaKey ? "Meta" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey ? "Shift" : "",
  ].filter(Boolean);
  return { keys: [...held, key.length === 1 ? key.toLowerCase() : key].join("+") };
}
