import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useSites } from "../../cooperation/names";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { SelectField, TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { addDays, dateOnly, today } from "../../words/time";
import { hospitalWords } from "./words";

const all = { params: { query: { limit: 100 } } };
const readFlows = async () => (await body(api.GET("/api/cooperation/v1/flows", all))).items;

function useFlows() {
  return useQuery({ queryKey: ["cooperation", "flows"], queryFn: readFlows });
}

/** Orders of every shared service, from the first line to the reception. */
export function Orders() {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const { data: flows = [] } = useFlows();
  const [making, make] = useState(false);
  const [receiving, receive] = useState<string | null>(null);
  const query = useLiveQuery({
    queryKey: ["cooperation", "orders"],
    queryFn: () => body(api.GET("/api/cooperation/v1/orders", all)),
    topics: ["cooperation.order_changed"],
  });
  const acts = may("cooperation:order.write");
  const done = () => {
    make(false);
    receive(null);
    void query.refetch();
  };
  const button = (
    <Button kind="primary" onClick={() => make(true)}>
      {words.makeOrder}
    </Button>
  );
  return (
    <>
      <Read of={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty acts={acts ? button : null}>{words.noOrder}</Empty>
          ) : (
            <>
              {acts ? <div>{button}</div> : null}
              <DataTable
                caption={words.orders}
                rows={items}
                keyOf={(row) => row.id}
                columns={[
                  {
                    id: "flow",
                    head: words.flow,
                    cell: (row) => flows.find((flow) => flow.code === row.flow)?.name ?? row.flow,
                  },
                  { id: "wanted", head: words.wanted, cell: (row) => dateOnly(row.wanted_on, language) },
                  {
                    id: "state",
                    head: words.state,
                    cell: (row) => <Badge>{words.orderState[row.state]}</Badge>,
                  },
                  {
                    id: "acts",
                    head: words.acts,
                    cell: (row) =>
                      acts && row.state === "in_transit" && row.direction === "to_member" ? (
                        <Button kind="primary" onClick={() => receive(row.id)}>
                          {words.receive}
                        </Button>
                      ) : null,
                  },
                ]}
              />
            </>
          )
        }
      </Read>
      {making ? <MakeOrder onDone={done} onClose={() => make(false)} /> : null}
      {receiving ? <Receive id={receiving} onDone={done} onClose={() => receive(null)} /> : null}
    </>
  );
}

interface DialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function MakeOrder({ onDone, onClose }: DialogProps) {
  const words = useWords(hospitalWords);
  const say = useToast();
  const { session } = useSession();
  const { data: sites = [] } = useSites();
  const { data: flows = [] } = useFlows();
  const { data: items = [] } = useQuery({
    queryKey: ["cooperation", "items"],
    queryFn: async () => (await body(api.GET("/api/cooperation/v1/items", all))).items,
  });
  const [code, setCode] = useState("");
  const flow = flows.find((each) => each.code === code) ?? flows[0];
  const site = sites.find((each) => each.organisation_id === session.context?.organisation_id);
  const offered = items.filter((item) => item.flow_id === flow?.id);
  const command = useCommand(
    async (sent: Schema<"cooperation.OrderIn">, key) => {
      const headers = { "Idempotency-Key": key };
      const made = await body(api.POST("/api/cooperation/v1/orders", { body: sent, headers }));
      const params = { path: { order_id: made.id } };
      // Another operation: a key of its own, made from the same act.
      return body(
        api.POST("/api/cooperation/v1/orders/{order_id}/send", {
          params,
          headers: { "Idempotency-Key": `${key}-send` },
        }),
      );
    },
    () => {
      say(words.orderSent);
      onDone();
    },
  );
  return (
    <Dialog title={words.makeOrder} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const lines = offered
            .map((item) => ({ item: item.code, quantity: Number(form.get(item.id) || 0) }))
            .filter((line) => line.quantity > 0);
          if (!flow || !site) return;
          void command.run({
            flow: flow.code,
            site_id: site.id,
            wanted_on: String(form.get("wanted")),
            lines,
          });
        }}
      >
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
        <TextField
          label={words.wanted}
          name="wanted"
          type="date"
          required
          defaultValue={addDays(today(), 2)}
        />
        {offered.map((item) => (
          <TextField
            key={item.id}
            label={`${item.name} (${flow?.unit ?? ""})`}
            name={item.id}
            type="number"
            min={0}
          />
        ))}
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.keep}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Receive({ id, onDone, onClose }: DialogProps & { readonly id: string }) {
  const words = useWords(hospitalWords);
  const say = useToast();
  const { data: flows = [] } = useFlows();
  const params = { path: { order_id: id } };
  const query = useQuery({
    queryKey: ["cooperation", "orders", id],
    queryFn: () => body(api.GET("/api/cooperation/v1/orders/{order_id}", { params })),
  });
  const command = useCommand(
    (sent: Schema<"cooperation.Receiving">, key) =>
      body(
        api.POST("/api/cooperation/v1/orders/{order_id}/receive", {
          params,
          body: sent,
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.receivedDone);
      onDone();
    },
  );
  return (
    <Dialog title={words.receiveTitle} onClose={onClose}>
      <Read of={query}>
        {(order) => {
          const flow = flows.find((each) => each.code === order.flow);
          const cold = flow !== undefined && (flow.least_c !== null || flow.most_c !== null);
          return (
            <form
              className="stack"
              onSubmit={(event) => {
                event.preventDefault();
                const form = new FormData(event.currentTarget);
                void command.run({
                  lines: order.lines.map((line) => ({
                    line_id: line.id,
                    quantity: Number(form.get(line.id)),
                    ...(cold ? { temperature_c: Number(form.get(`t-${line.id}`)) } : {}),
                  })),
                });
              }}
            >
              <RefusalStrip refusal={command.refusal} />
              {order.lines.map((line) => (
                <div key={line.id} className="stack">
                  <TextField
                    label={words.received(line.name)}
                    name={line.id}
                    type="number"
                    min={0}
                    required
                    defaultValue={line.prepared ?? line.ordered}
                  />
                  {cold ? (
                    <TextField
                      label={words.temperature(line.name)}
                      name={`t-${line.id}`}
                      type="number"
                      step="0.1"
                      required
                    />
                  ) : null}
                </div>
              ))}
              <div className="row foot">
                <Button onClick={onClose}>{words.cancel}</Button>
                <Button kind="primary" type="submit" busy={command.pending}>
                  {words.confirmReceipt}
                </Button>
              </div>
            </form>
          );
        }}
      </Read>
    </Dialog>
  );
}
