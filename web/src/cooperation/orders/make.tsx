import { type FormEvent, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { addDays, dayAndTime, instantAt, now, today } from "../../words/time";
import { useSites } from "../names";
import type { Order } from "./life";
import { create, type Flow, PLAIN, useFlows, useItems } from "./queries";
import { orderWords } from "./words";

interface Props {
  readonly base: string;
  /** An order whose lines are taken over. */
  readonly like?: Order;
  readonly onClose: () => void;
}

/** Until when an order for a day is taken at a site: the day before at its hour, else to the end of the day itself. */
export function takenUntil(flow: Flow | undefined, siteId: string, day: string): string | null {
  const hour = flow?.cut_offs[siteId];
  return hour && day ? instantAt(addDays(day, -1), hour.slice(0, 5)) : null;
}

/** A new order: kept as a draft, or sent at once. */
export function MakeOrder({ base, like, onClose }: Props) {
  const words = useWords(orderWords);
  const { language } = useLanguage();
  const say = useToast();
  const [, go] = useLocation();
  const { session } = useSession();
  const { data: allSites = [] } = useSites();
  const { data: flows = [] } = useFlows();
  const { data: items = [] } = useItems();
  const [code, setCode] = useState(like?.flow ?? "");
  const [siteId, setSite] = useState(like?.site_id ?? "");
  const [day, setDay] = useState(addDays(today(), 2));
  const [empty, setEmpty] = useState(false);
  const sites = allSites.filter((each) => each.organisation_id === session.context?.organisation_id);
  const flow = flows.find((each) => each.code === code) ?? flows[0];
  const site = sites.find((each) => each.id === siteId) ?? sites[0];
  const offered = items.filter((item) => item.flow_id === flow?.id);
  const until = takenUntil(flow, site?.id ?? "", day);
  const late = until !== null && now().toISOString() >= until;
  // A draft whose sending was refused: what is sent next takes its place.
  const refused = useRef<string | null>(null);
  const command = useCommand(
    async ({ sent, send }: { sent: Schema<"cooperation.OrderIn">; send: boolean }, key) => {
      if (refused.current) await PLAIN.cancel(refused.current, `${key}-cancel`);
      refused.current = null;
      const made = await create(sent, key);
      if (!send) return made;
      refused.current = made.id;
      // Another operation: a key of its own, made from the same act.
      return PLAIN.send(made.id, `${key}-send`);
    },
    (made) => {
      say(made.state === "draft" ? words.drafted : words.done.send);
      onClose();
      go(`${base}/${made.id}`);
    },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const submitter = (event.nativeEvent as SubmitEvent).submitter;
    const lines = offered
      .map((item) => ({ item: item.code, quantity: Number(form.get(item.id) || 0) }))
      .filter((line) => line.quantity > 0);
    setEmpty(lines.length === 0);
    if (!flow || !site || lines.length === 0) return;
    const sent = { flow: flow.code, site_id: site.id, wanted_on: day, lines };
    void command.run({ sent, send: submitter?.getAttribute("value") !== "draft" });
  };
  const hint = until ? words.cutOff(dayAndTime(until, language)) : undefined;
  const past = until && late ? words.cutOffPast(dayAndTime(until, language)) : undefined;
  return (
    <Dialog title={words.makeTitle} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <RefusalStrip refusal={command.refusal} />
        <SelectField
          label={words.flow}
          value={flow?.code ?? ""}
          onChange={(event) => setCode(event.target.value)}
        >
          {flows.map((each) => (
            <option key={each.id} value={each.code}>
              {each.name}
            </option>
          ))}
        </SelectField>
        {sites.length > 1 ? (
          <SelectField
            label={words.for}
            value={site?.id ?? ""}
            onChange={(event) => setSite(event.target.value)}
          >
            {sites.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </SelectField>
        ) : null}
        <TextField
          label={words.wanted}
          hint={late ? undefined : hint}
          fault={past ?? faultAt(command.refusal, "/wanted_on")}
          type="date"
          required
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
        {offered.length === 0 ? <p className="muted">{words.noItem}</p> : null}
        {offered.map((item) => (
          <TextField
            key={item.id}
            label={`${item.name} (${flow?.unit ?? ""})`}
            name={item.id}
            type="number"
            min={0}
            max={100_000}
            defaultValue={like?.lines.find((line) => line.item === item.code)?.ordered}
          />
        ))}
        {empty ? (
          <p className="fault" role="alert">
            {words.nothing}
          </p>
        ) : null}
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" value="draft" busy={command.pending}>
            {words.draft}
          </Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.acts.send}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
