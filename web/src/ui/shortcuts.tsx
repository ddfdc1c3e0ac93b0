import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { tinykeys } from "tinykeys";

export interface Shortcut {
  /** Stable: what a person remaps. */
  readonly id: string;
  /** As tinykeys writes it: `F2`, `r`, `$mod+k`, `Shift+?`. Never Ctrl+Alt, F1, F5, F11, F12. */
  readonly keys: string;
  /** What it does, in the person's language. */
  readonly label: string;
}

interface Registry {
  readonly all: readonly Shortcut[];
  readonly keysOf: (shortcut: Shortcut) => string;
  readonly remap: (id: string, keys: string | null) => void;
  readonly letters: boolean;
  readonly setLetters: (on: boolean) => void;
  readonly add: (shortcut: Shortcut, act: () => void) => () => void;
  /** Does what a shortcut does: the palette offers them all by name. */
  readonly act: (shortcut: Shortcut) => void;
}

const KEPT = "maillage.shortcuts";
const Context = createContext<Registry | null>(null);

interface Kept {
  readonly letters: boolean;
  readonly keys: Readonly<Record<string, string>>;
}

function kept(): Kept {
  try {
    return { letters: true, keys: {}, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return { letters: true, keys: {} };
  }
}

/** All shortcuts of what is on screen; keys of one's own are kept on this device (WCAG 2.1.4). */
export function ShortcutsProvider({ children }: { readonly children: ReactNode }) {
  const [all, setAll] = useState<readonly Shortcut[]>([]);
  const acts = useRef(new Map<Shortcut, () => void>());
  const [own, setOwn] = useState<Kept>(kept);
  useEffect(() => localStorage.setItem(KEPT, JSON.stringify(own)), [own]);
  // The same for ever: what registers does not do so again because another did.
  const add = useCallback((shortcut: Shortcut, act: () => void) => {
    acts.current.set(shortcut, act);
    setAll((before) => [...before, shortcut]);
    return () => {
      acts.current.delete(shortcut);
      setAll((before) => before.filter((each) => each !== shortcut));
    };
  }, []);
  const value = useMemo<Registry>(
    () => ({
      all,
      letters: own.letters,
      setLetters: (letters) => setOwn((before) => ({ ...before, letters })),
      keysOf: (shortcut) => own.keys[shortcut.id] ?? shortcut.keys,
      remap: (id, keys) =>
        setOwn((before) => {
          const { [id]: _, ...others } = before.keys;
          return { ...before, keys: keys === null ? others : { ...others, [id]: keys } };
        }),
      add,
      act: (shortcut) => acts.current.get(shortcut)?.(),
    }),
    [all, own, add],
  );
  return <Context value={value}>{children}</Context>;
}

export function useShortcuts(): Registry {
  const registry = useContext(Context);
  if (!registry) throw new Error("useShortcuts stands outside ShortcutsProvider");
  return registry;
}

/** Whether keys are being typed into something. */
export function inField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

/**
 * A key that acts while the component is shown. Letters and digits act outside fields only, and not at all once they
 * are switched off; nothing acts behind an open dialog unless the component is inside it. Function keys act anywhere.
 */
export function useShortcut(
  shortcut: Shortcut,
  act: () => void,
  { when = true }: { readonly when?: boolean } = {},
): void {
  const { add, keysOf, letters } = useShortcuts();
  const latest = useRef(act);
  latest.current = act;
  const { id, label } = shortcut;
  const keys = keysOf(shortcut);
  const plain = shortcut.keys;
  useEffect(
    () => (when ? add({ id, keys: plain, label }, () => latest.current()) : undefined),
    [add, id, plain, label, when],
  );
  useEffect(() => {
    if (!when) return;
    const single = /^(Shift\+)?[^+]$/.test(keys);
    if (single && !letters) return;
    const anywhere = /^F\d+$|(\$mod|Control|Meta|Alt)\+/.test(keys);
    const act = {
      [keys]: (event: KeyboardEvent) => {
        if (!anywhere && inField(event.target)) return;
        if (
          single &&
          document.querySelector("dialog[open]") &&
          !(event.target as Element).closest?.("dialog")
        )
          return;
        event.preventDefault();
        latest.current();
      },
    };
    // Left to itself the library hears nothing in a field: a call could not be answered, nor the 15 called, from one.
    return tinykeys(window, act, { ignore: (event) => event.repeat || event.isComposing });
  }, [keys, letters, when]);
}
