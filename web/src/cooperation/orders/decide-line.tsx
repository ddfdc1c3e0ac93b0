import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextArea } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import type { Order } from "./life";
import { decideLine } from "./queries";
import { orderWords } from "./words";

interface Props {
  readonly line: Order["lines"][number];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The pharmacist says what becomes of goods that came too cold or too warm. */
export function DecideLine({ line, onDone, onClose }: Props) {
  const words = useWords(orderWords);
  const say = useToast();
  const command = useCommand(
    (sent: Parameters<typeof decideLine>[1], key) => decideLine(line.id, sent, key),
    () => {
      say(words.decidedDone);
      onDone();
      onClose();
    },
  );
  return (
    <Dialog title={words.decideTitle(line.name)} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          void command.run({
            outcome: form.get("outcome") === "destroy" ? "destroy" : "accept",
            reason: String(form.get("reason")).trim(),
          });
        }}
      >
        {line.temperature_c === null ? null : (
          <p>
            {words.temperature} : <strong>{words.degrees(line.temperature_c)}</strong>
          </p>
        )}
        <RefusalStrip refusal={command.refusal} />
        <SelectField label={words.outcome} name="outcome">
          <option value="accept">{words.outcomes.accept}</option>
          <option value="destroy">{words.outcomes.destroy}</option>
        </SelectField>
        <TextArea
          label={words.why}
          name="reason"
          required
          maxLength={1000}
          fault={faultAt(command.refusal, "/reason")}
        />
        <div className="row foot">
          <Button onClick={onClose}>{words.keep}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.keepDecision}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
