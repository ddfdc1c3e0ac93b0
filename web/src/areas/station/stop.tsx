import { OctagonAlert } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import type { Item } from "../../scan/queue-model";
import { alarm } from "../../scan/sounds";
import { useWords } from "../../words/language";
import { useScanned } from "./commands";
import { ThingName } from "./result";
import { stationWords } from "./words";

/** Between the two presses: longer than a bounce, so that one blow on the screen is not two. */
const APART_MS = 500;

/**
 * Covers everything until the thing is set apart: QUARANTAINE scanned, or two separate presses of two buttons. Esc and
 * every other scan leave it as it is.
 */
export function Stop({ item, onPassed }: { readonly item: Item; readonly onPassed: (item: Item) => void }) {
  const words = useWords(stationWords);
  const ref = useRef<HTMLDialogElement>(null);
  const [first, setFirst] = useState<number | null>(null);
  const id = useId();
  useScanned("QUARANTAINE", () => onPassed(item));
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  useEffect(alarm, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing is another stop, with two presses of its own
  useEffect(() => setFirst(null), [item.id]);
  const code = item.result?.code ?? item.result?.blocks?.[0]?.code ?? "";
  const why =
    code === "RECALLED" ? "recalled" : code === "ON_HOLD" ? "held" : item.listed ? "listed" : "rejected";
  return (
    <dialog
      ref={ref}
      className="station-stop"
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => event.preventDefault()}
      // Chromium closes a dialog at the second Esc whatever its cancel says.
      onKeyDown={(event) => {
        if (event.key === "Escape") event.preventDefault();
      }}
      onClose={() => ref.current?.showModal()}
    >
      <OctagonAlert size={120} aria-hidden="true" />
      <h2 id={`${id}-title`}>{words.stopTitle[why]}</h2>
      <ThingName item={item} />
      <p id={`${id}-text`}>{words.stopText}</p>
      <div className="row">
        <button
          type="button"
          className="button station-big"
          aria-pressed={first !== null}
          onClick={() => setFirst((before) => before ?? Date.now())}
        >
          {first === null ? words.stopFirst : words.stopFirstDone}
        </button>
        {first !== null ? (
          <button
            type="button"
            className="button station-big"
            onClick={() => {
              if (Date.now() - first >= APART_MS) onPassed(item);
            }}
          >
            {words.stopSecond}
          </button>
        ) : null}
      </div>
    </dialog>
  );
}
