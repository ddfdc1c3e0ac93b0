import { useEffect, useRef } from "react";
import { calibrated, feed, IDLE, type Layout, textOf, type Wedge } from "./wedge";

const KEPT = "maillage.scanner";

/** How this device's scanner is read: a fact of the machine, kept on it. */
export function layoutOfDevice(): Layout {
  return localStorage.getItem(KEPT) === "physical" ? "physical" : "typed";
}

export function wasCalibrated(): boolean {
  return localStorage.getItem(KEPT) !== null;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

/** A field's text before a burst began to fill it. */
interface Before {
  readonly field: Field;
  readonly value: string;
  readonly from: number | null;
  readonly to: number | null;
}

function fieldOf(target: EventTarget | null): Field | null {
  const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  return typing && !target.readOnly ? target : null;
}

function snapshot(field: Field): Before {
  let from: number | null = null;
  let to: number | null = null;
  try {
    from = field.selectionStart;
    to = field.selectionEnd;
  } catch {
    // A number or a date has no selection to keep.
  }
  return { field, value: field.value, from, to };
}

/** Gives a field its text back as if the scanner had not typed; React hears it as any other change. */
function restore({ field, value, from, to }: Before): void {
  if (field.value === value) return;
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
  Object.getOwnPropertyDescriptor(prototype.prototype, "value")?.set?.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (from !== null && to !== null) field.setSelectionRange(from, to);
}

export interface Heard {
  readonly onScan: (text: string) => void;
  /** The calibration code was read; null: it was not readable either way. */
  readonly onCalibrated?: (layout: Layout) => void;
  readonly opener?: string;
}

/** Hears the whole page for a scanner, whatever has the focus. Returns how to stop. */
export function listen(page: Document, heard: Heard): () => void {
  let wedge: Wedge = IDLE;
  let before: Before | null = null;
  const down = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const key = {
      key: event.key,
      code: event.code,
      at: event.timeStamp,
      shift: event.shiftKey,
      alt: event.altKey,
      ctrl: event.ctrlKey,
      meta: event.metaKey,
    };
    const [after, verdict] = feed(wedge, key, heard.opener);
    wedge = after;
    const field = fieldOf(event.target);
    if (verdict.kind === "begin") before = field ? snapshot(field) : null;
    else if (verdict.kind === "inside") {
      // Outside a field such a key could only press something: it is the scanner's.
      if (!field || wedge.opened) swallow(event);
    } else if (verdict.kind === "done") {
      swallow(event);
      if (before) restore(before);
      before = null;
      const layout = calibrated(verdict.reading);
      if (layout) {
        localStorage.setItem(KEPT, layout);
        heard.onCalibrated?.(layout);
      } else heard.onScan(textOf(verdict.reading, layoutOfDevice()));
    }
  };
  page.addEventListener("keydown", down, { capture: true });
  return () => page.removeEventListener("keydown", down, { capture: true });
}

function swallow(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Hears the scanner for as long as the component is shown. */
export function useWedge(heard: Heard): void {
  const latest = useRef(heard);
  latest.current = heard;
  useEffect(
    () =>
      listen(document, {
        onScan: (text) => latest.current.onScan(text),
        onCalibrated: (layout) => latest.current.onCalibrated?.(layout),
      }),
    [],
  );
}
