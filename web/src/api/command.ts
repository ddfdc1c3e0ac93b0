import { useCallback, useRef, useState } from "react";
import { newKey } from "./client";
import { Refusal } from "./refusal";

export interface Command<Input, Output> {
  /** Does it once: while it runs, and until the form is opened again, a second call gets the first one's answer. */
  readonly run: (input: Input) => Promise<Output | undefined>;
  readonly pending: boolean;
  readonly refusal: Refusal | null;
  readonly done: Output | null;
  /** Another act from now on: a new key, no refusal. */
  readonly renew: () => void;
}

/** Where the key of an act stands while its answer is not known: a page loaded again meanwhile goes on with it. */
export interface KeptKey {
  readonly read: () => string | null;
  readonly write: (key: string | null) => void;
}

/**
 * One act of a person. Its idempotency key is made when its form opens and kept through double clicks, retries and a
 * fresh sign-in; a refusal that decided something (not one of the network) gets a new key, for what is sent next is
 * another act.
 */
export function useCommand<Input, Output>(
  send: (input: Input, key: string) => Promise<Output>,
  onDone?: (output: Output) => void,
  kept?: KeptKey,
): Command<Input, Output> {
  const [first] = useState(() => kept?.read() ?? newKey());
  const key = useRef(first);
  const running = useRef<Promise<Output | undefined> | null>(null);
  const [state, setState] = useState<{ pending: boolean; refusal: Refusal | null; done: Output | null }>({
    pending: false,
    refusal: null,
    done: null,
  });
  const latest = useRef({ send, onDone, kept });
  latest.current = { send, onDone, kept };

  const run = useCallback((input: Input) => {
    if (running.current) return running.current;
    setState((before) => ({ ...before, pending: true, refusal: null }));
    const renewed = () => {
      key.current = newKey();
      latest.current.kept?.write(null);
    };
    latest.current.kept?.write(key.current);
    const attempt = (async () => {
      try {
        const output = await latest.current.send(input, key.current);
        setState({ pending: false, refusal: null, done: output });
        renewed();
        latest.current.onDone?.(output);
        return output;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (!error.passing) renewed();
        setState((before) => ({ ...before, pending: false, refusal: error }));
        return undefined;
      } finally {
        running.current = null;
      }
    })();
    running.current = attempt;
    return attempt;
  }, []);

  const renew = useCallback(() => {
    key.current = newKey();
    latest.current.kept?.write(null);
    setState({ pending: false, refusal: null, done: null });
  }, []);

  return { run, renew, ...state };
}
