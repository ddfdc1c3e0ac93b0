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

/**
 * One act of a person. Its idempotency key is made when its form opens and kept through double clicks, retries and a
 * fresh sign-in; a refusal that decided something (not one of the network) gets a new key, for what is sent next is
 * another act.
 */
export function useCommand<Input, Output>(
  send: (input: Input, key: string) => Promise<Output>,
  onDone?: (output: Output) => void,
): Command<Input, Output> {
  const key = useRef(newKey());
  const running = useRef<Promise<Output | undefined> | null>(null);
  const [state, setState] = useState<{ pending: boolean; refusal: Refusal | null; done: Output | null }>({
    pending: false,
    refusal: null,
    done: null,
  });
  const latest = useRef({ send, onDone });
  latest.current = { send, onDone };

  const run = useCallback((input: Input) => {
    if (running.current) return running.current;
    setState((before) => ({ ...before, pending: true, refusal: null }));
    const attempt = (async () => {
      try {
        const output = await latest.current.send(input, key.current);
        setState({ pending: false, refusal: null, done: output });
        key.current = newKey();
        latest.current.onDone?.(output);
        return output;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (!error.passing) key.current = newKey();
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
    setState({ pending: false, refusal: null, done: null });
  }, []);

  return { run, renew, ...state };
}
