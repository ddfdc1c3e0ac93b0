import type { Refusal } from "../../api/refusal";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextArea } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { recallsWords } from "./words";

interface Props {
  readonly title: string;
  readonly text?: string;
  readonly label: string;
  readonly hint?: string;
  readonly act: string;
  readonly optional?: boolean;
  readonly command: { readonly pending: boolean; readonly refusal: Refusal | null };
  readonly send: (reason: string) => void;
  readonly onClose: () => void;
}

/** An act that says why. */
export function ReasonDialog({ title, text, label, hint, act, optional, command, send, onClose }: Props) {
  const words = useWords(recallsWords);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send(String(new FormData(event.currentTarget).get("reason")).trim());
        }}
      >
        {text ? <p>{text}</p> : null}
        <RefusalStrip refusal={command.refusal} />
        <TextArea
          label={label}
          hint={hint}
          name="reason"
          maxLength={1000}
          required={!optional}
          fault={faultAt(command.refusal, "/reason") ?? faultAt(command.refusal, "/note")}
        />
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
