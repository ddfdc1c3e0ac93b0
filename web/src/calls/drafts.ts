import { useCallback, useState } from "react";

const PREFIX = "maillage.draft.";

/** What is being typed during a call, kept in this tab alone until the call is written up: it survives a reload. */
export function readDraft(callId: string, field: string): string | null {
  return sessionStorage.getItem(`${PREFIX}${callId}.${field}`);
}

export function keepDraft(callId: string, field: string, value: string | null): void {
  const key = `${PREFIX}${callId}.${field}`;
  if (value === null || value === "") sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, value);
}

/** Nothing of a call stays once it is written up. */
export function forget(callId: string): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(`${PREFIX}${callId}.`)) sessionStorage.removeItem(key);
  }
}

/** Only the drafts of the call under way may stay: one whose call ended by itself is forgotten. */
export function forgetOthers(callId: string | null): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(`${PREFIX}shift.`)) continue;
    if (key.startsWith(PREFIX) && !(callId && key.startsWith(`${PREFIX}${callId}.`))) {
      sessionStorage.removeItem(key);
    }
  }
}

/** A text of a call that survives a reload and a change of area. */
export function useDraft(callId: string, field: string, initial = ""): [string, (value: string) => void] {
  const key = `${callId}.${field}`;
  const [typed, set] = useState<{ readonly key: string; readonly value: string } | null>(null);
  const change = useCallback(
    (value: string) => {
      set({ key, value });
      keepDraft(callId, field, value);
    },
    [key, callId, field],
  );
  // After a reload the form may be there before its call is: what was kept is read again once the call is known.
  return [typed?.key === key ? typed.value : (readDraft(callId, field) ?? initial), change];
}
