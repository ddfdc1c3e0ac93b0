import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import { Button, type ButtonKind } from "../../ui/button";

/** Printed beside a station: each does what a button does, so that no glove need touch the screen. */
export const COMMANDS = ["VALIDER", "ANNULER", "TERMINER", "QUARANTAINE"] as const;
export type CommandName = (typeof COMMANDS)[number];

/** The command that a scan is, if it is one. */
export function commandOf(text: string): CommandName | undefined {
  const word = /^CMD:([A-Z]+)$/.exec(text.trim().toUpperCase())?.[1] ?? text.trim().toUpperCase();
  return COMMANDS.find((name) => name === word);
}

interface Registry {
  readonly add: (name: CommandName, act: () => void) => () => void;
  /** Whether something answered to it. */
  readonly run: (name: CommandName) => boolean;
}

const Context = createContext<Registry | null>(null);

export function Commands({ children }: { readonly children: ReactNode }) {
  const acts = useRef(new Map<CommandName, (() => void)[]>());
  const value = useMemo<Registry>(
    () => ({
      add: (name, act) => {
        const before = acts.current.get(name) ?? [];
        acts.current.set(name, [...before, act]);
        return () =>
          acts.current.set(
            name,
            (acts.current.get(name) ?? []).filter((each) => each !== act),
          );
      },
      run: (name) => {
        const last = acts.current.get(name)?.at(-1);
        last?.();
        return last !== undefined;
      },
    }),
    [],
  );
  return <Context value={value}>{children}</Context>;
}

export function useCommands(): Registry {
  const registry = useContext(Context);
  if (!registry) throw new Error("useCommands stands outside Commands");
  return registry;
}

/** Does something when a printed command is scanned, for as long as it is shown; the last shown wins. */
export function useScanned(name: CommandName | undefined, act: () => void): void {
  const { add } = useCommands();
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => (name ? add(name, () => latest.current()) : undefined), [add, name]);
}

interface Props {
  readonly command?: CommandName;
  readonly onPress: () => void;
  readonly kind?: ButtonKind;
  readonly blocked?: string | undefined;
  readonly busy?: boolean;
  readonly pressed?: boolean;
  readonly children: ReactNode;
}

/** A button of 72 px; its printed command does the same. */
export function Big({ command, onPress, kind = "plain", blocked, busy = false, pressed, children }: Props) {
  useScanned(command, () => {
    if (blocked === undefined && !busy) onPress();
  });
  return (
    <span className="station-act">
      <Button
        className="station-big"
        kind={kind}
        blocked={blocked}
        busy={busy}
        aria-pressed={pressed}
        onClick={onPress}
      >
        <span>{children}</span>
        {command ? <kbd>{command}</kbd> : null}
      </Button>
    </span>
  );
}
