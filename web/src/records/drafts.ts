import { useCallback, useEffect, useRef, useState } from "react";
import { useSession } from "../api/session";

interface Kept<T> {
  readonly draft: T;
  /** What it began from. */
  readonly began: T;
  readonly version: number;
}

/**
 * Half-filled forms of this tab, until they are saved or given up. In memory only, for they may name people: the page is
 * loaded anew at a sign-out and for another person, and nothing of them is left.
 */
const kept = new Map<string, Kept<unknown>>();

export interface Draft<T> {
  readonly draft: T;
  readonly began: T;
  readonly version: number;
  readonly dirty: boolean;
  /** It was begun earlier, left, and found again. */
  readonly found: boolean;
  readonly set: (change: (before: T) => T) => void;
  /** Begins again from another state of the record. */
  readonly restart: (from: T, version: number, draft?: T) => void;
}

/**
 * What is typed over a record, kept while one looks elsewhere in the console. A new state of the record replaces it
 * only as long as nothing was typed. Closing the tab asks first.
 */
export function useDraft<T>(
  name: string,
  from: T,
  version: number,
  same: (one: T, other: T) => boolean,
): Draft<T> {
  const person = useSession().session.person?.id ?? "";
  const key = `${person}/${name}`;
  const found = useRef(kept.has(key)).current;
  const [state, setState] = useState<Kept<T>>(
    () => (kept.get(key) as Kept<T> | undefined) ?? { draft: from, began: from, version },
  );
  const dirty = !same(state.draft, state.began);
  if (!dirty && state.version !== version) setState({ draft: from, began: from, version });

  useEffect(() => {
    if (dirty) kept.set(key, state);
    else kept.delete(key);
  }, [dirty, key, state]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);

  const set = useCallback(
    (change: (before: T) => T) => setState((before) => ({ ...before, draft: change(before.draft) })),
    [],
  );
  const restart = useCallback(
    (began: T, fresh: number, draft: T = began) => {
      if (draft === began) kept.delete(key);
      setState({ draft, began, version: fresh });
    },
    [key],
  );
  return { ...state, dirty, found: found && dirty, set, restart };
}
