import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useWords } from "../words/language";
import { Button } from "./button";
import { uiWords } from "./words";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly foot?: ReactNode;
  readonly wide?: boolean;
  /** Esc and the cross are refused: an act must end it. */
  readonly mustAct?: boolean;
}

const FIRST_FIELD = ["input:not([type=hidden], [type=radio]:not(:checked))", "select", "textarea"]
  .map((field) => `${field}:not([disabled])`)
  .join(", ");

/** A modal `<dialog>`: focus is held inside by the browser and goes back to where it was; Esc closes it. */
export function Dialog({ title, onClose, children, foot, wide, mustAct }: Props) {
  const words = useWords(uiWords);
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) {
      dialog.showModal();
      // The browser would choose the cross: who opens a form wants its first field, who has chosen wants to confirm.
      const main = '.button[data-kind="primary"]';
      // `data-first` names it where the first field is not the next act.
      const first = ["[data-first]", FIRST_FIELD, main].map((each) =>
        dialog.querySelector<HTMLElement>(each),
      );
      first.find((each) => each !== null)?.focus();
    }
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="dialog"
      data-wide={wide}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (!mustAct) onClose();
      }}
    >
      <div className="inside">
        <div className="row spread">
          <h2 id={heading}>{title}</h2>
          {mustAct ? null : (
            <Button kind="quiet" aria-label={words.close} onClick={onClose}>
              <X size={20} aria-hidden="true" />
            </Button>
          )}
        </div>
        {children}
        {foot ? <div className="foot">{foot}</div> : null}
      </div>
    </dialog>
  );
}
