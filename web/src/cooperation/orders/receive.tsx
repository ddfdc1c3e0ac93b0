import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { usePlaces } from "../names";
import type { ActProps } from "./acts";
import { type Flow, receive } from "./queries";
import { orderWords } from "./words";

const CARRIES = ["crate", "compartment", "outside"];

/** Each line counted where it arrives, with its temperature where the service has a range. */
export function Receive({ order, flow, onDone, onClose }: ActProps & { readonly flow: Flow | undefined }) {
  const words = useWords(orderWords);
  const { session } = useSession();
  const { data: places = [] } = usePlaces();
  const cold = flow !== undefined && (flow.least_c !== null || flow.most_c !== null);
  const own = places.filter(
    (place) =>
      place.organisation_id === session.context?.organisation_id && !CARRIES.includes(String(place.kind)),
  );
  const command = useCommand(
    (sent: Parameters<typeof receive>[1], key) => receive(order.id, sent, key),
    onDone,
  );
  return (
    <Dialog title={words.receiveTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          void command.run({
            lines: order.lines.map((line) => ({
              line_id: line.id,
              quantity: Number(form.get(line.id)),
              ...(cold && form.get(`t-${line.id}`)
                ? { temperature_c: Number(form.get(`t-${line.id}`)) }
                : {}),
            })),
            ...(form.get("place") ? { place_id: String(form.get("place")) } : {}),
          });
        }}
      >
        <p>{words.counted}</p>
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
            {cold ? (
              <TextField
                label={words.temperatureOf(line.name)}
                hint={words.range(String(flow.least_c ?? "–"), String(flow.most_c ?? "–"))}
                name={`t-${line.id}`}
                type="number"
                step="0.1"
                min={-100}
                max={150}
                fault={faultAt(command.refusal, `/lines/${place}/temperature_c`)}
              />
            ) : null}
          </div>
        ))}
        {order.crate_ids.length > 0 ? (
          <SelectField label={words.place} name="place" fault={faultAt(command.refusal, "/place_id")}>
            {own.map((place) => (
              <option key={place.id} value={place.id}>
                {place.name}
              </option>
            ))}
          </SelectField>
        ) : null}
        <div className="row foot">
          <Button onClick={onClose}>{words.keep}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.confirmReceipt}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
