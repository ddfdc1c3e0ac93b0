import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useCompositions, useSites } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { dayOf, instantAt, zoned } from "../../words/time";
import type { Operation } from "./queries";
import { hospitalWords } from "./words";

interface Props {
  readonly day: string;
  readonly of?: Operation;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
interface Item {
  readonly key: number;
  readonly composition: string;
  readonly quantity: string;
}

const clock = (instant: string) => {
  const at = zoned(instant);
  return `${String(at.hour).padStart(2, "0")}:${String(at.minute).padStart(2, "0")}`;
};

/** One operation as the theatre plans it, under its own opaque reference: the whole of it each time. */
export function OperationForm({ day, of, onDone, onClose }: Props) {
  const words = useWords(hospitalWords);
  const say = useToast();
  const { session } = useSession();
  const { data: allSites = [] } = useSites();
  const { data: compositions = [] } = useCompositions();
  const sites = allSites.filter((site) => site.organisation_id === session.context?.organisation_id);
  const [items, setItems] = useState<readonly Item[]>(() =>
    of && of.needs.length > 0
      ? of.needs.map((need, key) => ({
          key,
          composition: need.composition,
          quantity: String(need.quantity),
        }))
      : [{ key: 0, composition: "", quantity: "1" }],
  );
  const command = useCommand(
    ({ ref, sent }: { ref: string; sent: Schema<"cooperation.OperationIn"> }, key) =>
      body(
        api.PUT("/api/cooperation/v1/operations/{operation_ref}", {
          params: { path: { operation_ref: ref } },
          body: sent,
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(of ? words.changed : words.added);
      onDone();
    },
  );
  const put = (key: number, part: Partial<Item>) =>
    setItems(items.map((item) => (item.key === key ? { ...item, ...part } : item)));
  const fault = (pointer: string) => faultAt(command.refusal, pointer);
  return (
    <Dialog title={of ? words.changeTitle(of.operation_ref) : words.addOperation} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const sent = {
            site_id: String(form.get("site") ?? of?.site_id ?? sites[0]?.id),
            theatre: String(form.get("theatre")).trim(),
            starts_at: instantAt(String(form.get("day")), String(form.get("hour"))),
            items: items
              .filter((item) => item.composition)
              .map((item) => ({ composition: item.composition, quantity: Number(item.quantity) })),
          };
          void command.run({ ref: of?.operation_ref ?? String(form.get("ref")).trim(), sent });
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        {of ? null : (
          <TextField
            label={words.ref}
            hint={words.refHint}
            name="ref"
            required
            maxLength={100}
            autoComplete="off"
            fault={fault("/operation_ref")}
          />
        )}
        {sites.length > 1 ? (
          <SelectField label={words.site} name="site" defaultValue={of?.site_id} fault={fault("/site_id")}>
            {sites.map((site) => (
              <option key={site.id} value={site.id}>
                {site.name}
              </option>
            ))}
          </SelectField>
        ) : null}
        <TextField
          label={words.theatre}
          name="theatre"
          required
          maxLength={80}
          defaultValue={of?.theatre}
          fault={fault("/theatre")}
        />
        <div className="hospital-pair">
          <TextField
            label={words.day}
            name="day"
            type="date"
            required
            defaultValue={of ? dayOf(of.starts_at) : day}
          />
          <TextField
            label={words.hour}
            name="hour"
            type="time"
            required
            defaultValue={of ? clock(of.starts_at) : "08:00"}
            fault={fault("/starts_at")}
          />
        </div>
        <fieldset className="stack">
          <legend>{words.neededSets}</legend>
          {items.map((item, place) => (
            <div key={item.key} className="hospital-item">
              <SelectField
                label={words.composition}
                value={item.composition}
                onChange={(event) => put(item.key, { composition: event.target.value })}
                fault={fault(`/items/${place}/composition`)}
              >
                <option value="">{words.chooseComposition}</option>
                {compositions.map((each) => (
                  <option key={each.id} value={each.code}>
                    {each.name}
                  </option>
                ))}
              </SelectField>
              <TextField
                label={words.quantity}
                type="number"
                min={1}
                max={50}
                required
                value={item.quantity}
                onChange={(event) => put(item.key, { quantity: event.target.value })}
                fault={fault(`/items/${place}/quantity`)}
              />
              <Button onClick={() => setItems(items.filter((each) => each.key !== item.key))}>
                {words.removeItem}
              </Button>
            </div>
          ))}
          <div>
            <Button
              onClick={() =>
                setItems([
                  ...items,
                  { key: Math.max(0, ...items.map((each) => each.key)) + 1, composition: "", quantity: "1" },
                ])
              }
            >
              {words.addItem}
            </Button>
          </div>
        </fieldset>
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {of ? words.keepChange : words.keepOperationNew}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
