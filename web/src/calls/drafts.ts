import { useCallback, useMemo, useState } from "react";
import { api } from "../api/client";
import type { KeptKey } from "../api/command";
import { now } from "../words/time";

const PREFIX = "maillage.draft.";
const STAMP = "maillage.drafts";
const WEEK_MS = 7 * 86_400_000;
/** What is typed without a call, or for the next shift, stays until it is sent. */
const LASTING = [`${PREFIX}none.`, `${PREFIX}shift.`];

/** What is being typed during a call, kept in this tab alone until the call is written up: it survives a reload. */
export function readDraft(callId: string, field: string): string | null {
  return sessionStorage.getItem(`${PREFIX}${callId}.${field}`);
}

export function keepDraft(callId: string, field: string, value: string | null): void {
  const key = `${PREFIX}${callId}.${field}`;
  if (value === null || value === "") sessionStorage.removeItem(key);
  else {
    sessionStorage.setItem(key, value);
    const stamp = readStamp();
    if (stamp) writeStamp(stamp.person);
  }
}

/** Nothing of a call stays once it is written up; with `fields`, only those that begin so are dropped. */
export function forget(callId: string, fields = ""): void {
  dropWhere((key) => key.startsWith(`${PREFIX}${callId}.${fields}`));
}

/** Only the drafts of the call under way may stay: one whose call ended by itself is forgotten. */
export function forgetOthers(callId: string | null): void {
  dropWhere(
    (key) =>
      !LASTING.some((begin) => key.startsWith(begin)) &&
      !(callId !== null && key.startsWith(`${PREFIX}${callId}.`)),
  );
}

/** Who sits at this tab finds her own drafts of the last seven days, and nothing that another has typed. */
export function ownDrafts(person: string): void {
  const stamp = readStamp();
  const mine = stamp?.person === person && now().getTime() - stamp.at < WEEK_MS;
  if (!mine) dropDrafts();
  writeStamp(person);
}

/** Whoever signs out leaves nothing that she has typed. */
export function dropDrafts(): void {
  dropWhere(() => true);
  sessionStorage.removeItem(STAMP);
}

function dropWhere(goes: (key: string) => boolean): void {
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(PREFIX) || !goes(key)) continue;
    if (key.endsWith(".hold")) giveBack(parsed<{ readonly id: string }>(sessionStorage.getItem(key))?.id);
    sessionStorage.removeItem(key);
  }
}

/** A time kept for a patient. Said once and not waited for: one that is not given back ends by itself. */
export function giveBack(holdId: string | null | undefined): void {
  if (!holdId) return;
  api
    .DELETE("/api/appointments/v1/holds/{hold_id}", { params: { path: { hold_id: holdId } } })
    .catch(() => undefined);
}

function readStamp() {
  return parsed<{ readonly person: string; readonly at: number }>(sessionStorage.getItem(STAMP));
}

function writeStamp(person: string): void {
  sessionStorage.setItem(STAMP, JSON.stringify({ person, at: now().getTime() }));
}

function parsed<T>(text: string | null): T | null {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** Where a form keeps what is typed into it: the call, or `none`, and which form. Without one nothing is kept. */
export interface Place {
  readonly of: string;
  readonly form: string;
}

/** A state that survives a reload when it has a place. */
export function useKept<T>(place: Place | undefined, field: string, initial: T): [T, (value: T) => void] {
  const of = place?.of;
  const name = `${place?.form}.${field}`;
  const [value, set] = useState<T>(
    () => (of === undefined ? null : parsed<T>(readDraft(of, name))) ?? initial,
  );
  const change = useCallback(
    (next: T) => {
      set(next);
      if (of !== undefined) keepDraft(of, name, next === null ? null : JSON.stringify(next));
    },
    [of, name],
  );
  return [value, change];
}

/** The key of an act that may have been done when the page was loaded again: sent again under it, it is done once. */
export function useKeptKey(place: Place | undefined): KeptKey | undefined {
  const of = place?.of;
  const name = `${place?.form}.key`;
  return useMemo(
    () =>
      of === undefined
        ? undefined
        : { read: () => readDraft(of, name), write: (key) => keepDraft(of, name, key) },
    [of, name],
  );
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
