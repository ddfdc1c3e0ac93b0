import type { KeyboardEvent } from "react";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import type { ActProps } from "./acts";
import { type Flow, prepare } from "./queries";
import { orderWords } from "./words";

/** Each line made ready: how many, its lot where the flow has lots, the crate that it travels in if any. */
export function Prepare({ order, flow, onDone, onClose }: ActProps & { readonly flow: Flow | undefined }) {
  const words = useWords(orderWords);
  const lots = flow?.lots ?? false;
  const command = useCommand(
    (sent: Parameters<typeof prepare>[1], key) => prepare(order.id, sent, key),
    onDone,
  );
  return (
    <Dialog title={words.prepareTitle} onClose={onClose} wide>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const text = (name: string) => String(form.get(name) ?? "").trim() || null;
          void command.run({
            lines: order.lines.map((line) => ({
              line_id: line.id,
              quantity: Number(form.get(line.id)),
              lot: text(`lot-${line.id}`),
              crate: text(`crate-${line.id}`),
            })),
          });
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        {order.lines.map((line, place) => (
          <div key={line.id} className="orders-line">
            <TextField
              label={words.quantityOf(line.name, order.unit)}
              name={line.id}
              type="number"
              min={0}
              max={100_000}
              required
              defaultValue={line.prepared ?? line.ordered}
              fault={faultAt(command.refusal, `/lines/${place}/quantity`)}
            />
            {lots ? (
              <TextField
                label={words.lotOf(line.name)}
                hint={words.lotHint}
                name={`lot-${line.id}`}
                maxLength={20}
                autoComplete="off"
                defaultValue={line.lot ?? ""}
                onKeyDown={keepForm}
                fault={faultAt(command.refusal, `/lines/${place}/lot`)}
              />
            ) : null}
            <TextField
              label={words.crateOf(line.name)}
              hint={words.crateHint}
              name={`crate-${line.id}`}
              autoComplete="off"
              onKeyDown={keepForm}
              fault={faultAt(command.refusal, `/lines/${place}/crate`)}
            />
          </div>
        ))}
        <div className="row foot">
          <Button onClick={onClose}>{words.keep}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.keepPrepared}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A scanner ends with Enter: that must not send a form half filled. */
function keepForm(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key === "Enter") event.preventDefault();
}
