import { type KeyboardEvent, useState } from "react";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Check } from "../ui/field";
import { type Shortcut, useShortcuts } from "../ui/shortcuts";
import { Strip } from "../ui/state";
import { useWords } from "../words/language";
import { keyText, pressed } from "./keys";
import { shortcutsWords } from "./shortcuts-words";

/** `?`: every key that acts now; each can be given another, letters can be switched off (WCAG 2.1.4). */
export default function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(shortcutsWords);
  const { all, keysOf, remap, letters, setLetters } = useShortcuts();
  const [changing, setChanging] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const unique = [...new Map(all.map((shortcut) => [shortcut.id, shortcut])).values()];
  const press = (shortcut: Shortcut) => (event: KeyboardEvent) => {
    if (changing !== shortcut.id) return;
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      setChanging(null);
      if (event.key === "Escape") event.preventDefault();
      return;
    }
    event.preventDefault();
    const got = pressed(event.nativeEvent);
    if (!got) return;
    if ("refused" in got) return setFault(words.taken);
    const other = unique.find((each) => each.id !== shortcut.id && keysOf(each) === got.keys);
    if (other) return setFault(words.used(other.label));
    setFault(null);
    remap(shortcut.id, got.keys === shortcut.keys ? null : got.keys);
    setChanging(null);
  };
  return (
    <Dialog title={words.title} onClose={onClose}>
      <p>{words.text}</p>
      {fault ? (
        <Strip state="warn" role="alert">
          {fault}
        </Strip>
      ) : null}
      <ul className="keys">
        {unique.map((shortcut) => {
          const own = keysOf(shortcut) !== shortcut.keys;
          return (
            <li key={shortcut.id} className="row">
              <span className="keys-label">{shortcut.label}</span>
              <kbd className="key">{keyText(keysOf(shortcut))}</kbd>
              <Button
                aria-label={words.changeOf(shortcut.label)}
                aria-pressed={changing === shortcut.id}
                onKeyDown={press(shortcut)}
                onBlur={() => setChanging(null)}
                onClick={() => {
                  setFault(null);
                  setChanging(shortcut.id);
                }}
              >
                {changing === shortcut.id ? words.press : words.change}
              </Button>
              {own ? (
                <Button
                  kind="quiet"
                  aria-label={words.restoreOf(shortcut.label)}
                  onClick={() => remap(shortcut.id, null)}
                >
                  {words.restore}
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      <Check label={words.letters} checked={letters} onChange={(event) => setLetters(event.target.checked)} />
      <p className="small muted">{words.lettersHint}</p>
    </Dialog>
  );
}
