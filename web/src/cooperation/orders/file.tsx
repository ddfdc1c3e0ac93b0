import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { Badge, Read, Strip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { longDay } from "../../words/time";
import { useNames } from "../names";
import { Acts } from "./acts";
import { DecideLine } from "./decide-line";
import type { Order } from "./life";
import { MakeOrder } from "./make";
import { useFlows, useOrder, useSide } from "./queries";
import { StateBadge, Steps } from "./state";
import { orderWords } from "./words";
import "./orders.css";

type Line = Order["lines"][number];

/** One order on one page, the same for both sides: how far it is, its lines, and what this person may do now. */
export function OrderFile({ id, base }: { readonly id: string; readonly base: string }) {
  const words = useWords(orderWords);
  const query = useOrder(id);
  return (
    <div className="stack">
      <div>
        <Link href={base}>{words.back}</Link>
      </div>
      <Read of={query}>
        {(order) => <Whole order={order} base={base} onChanged={() => void query.refetch()} />}
      </Read>
      {query.data ? null : <Title hidden>{words.orders}</Title>}
    </div>
  );
}

interface WholeProps {
  readonly order: Order;
  readonly base: string;
  readonly onChanged: () => void;
}

function Whole({ order, base, onChanged }: WholeProps) {
  const words = useWords(orderWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const names = useNames();
  const side = useSide();
  const { data: flows = [] } = useFlows();
  const [again, setAgain] = useState(false);
  const flow = flows.find((each) => each.code === order.flow);
  const waitsForCheck = order.state === "accepted" && order.prepared_by !== null;
  // Another order by the same button: its dialog is closed when the address has changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id is what changes
  useEffect(() => setAgain(false), [order.id]);
  return (
    <>
      <Title>{words.title(flow?.name ?? order.flow, longDay(order.wanted_on, language))}</Title>
      <section className="panel stack" aria-label={words.state}>
        <p className="row">
          <StateBadge state={order.state} />
          <span>{names.site(order.site_id)}</span>
          {order.direction === "from_member" ? <span className="muted">{words.direction}</span> : null}
        </p>
        <Steps state={order.state} />
        {order.state === "declined" ? (
          <Strip state="warn">
            {words.declinedFor} {order.reason}
          </Strip>
        ) : null}
        {order.state === "cancelled" ? <p>{words.isCancelled}</p> : null}
        {waitsForCheck ? <Strip state="info">{words.readyBy}</Strip> : null}
        <Acts order={order} flow={flow} onChanged={onChanged} />
        {side === "member" && may("cooperation:order.write") && order.state !== "draft" ? (
          <div>
            <Button kind="quiet" onClick={() => setAgain(true)}>
              {words.makeAgain}
            </Button>
          </div>
        ) : null}
      </section>
      <Lines order={order} onChanged={onChanged} />
      {again ? <MakeOrder base={base} like={order} onClose={() => setAgain(false)} /> : null}
    </>
  );
}

function Lines({ order, onChanged }: { readonly order: Order; readonly onChanged: () => void }) {
  const words = useWords(orderWords);
  const [deciding, decide] = useState<Line | null>(null);
  const said = (count: number | null) => (count === null ? "–" : `${count} ${order.unit}`);
  return (
    <>
      <DataTable
        caption={words.lines}
        rows={order.lines}
        keyOf={(line) => line.id}
        columns={[
          { id: "item", head: words.item, cell: (line) => line.name },
          { id: "ordered", head: words.ordered, number: true, cell: (line) => said(line.ordered) },
          { id: "prepared", head: words.prepared, number: true, cell: (line) => said(line.prepared) },
          { id: "received", head: words.received, number: true, cell: (line) => said(line.received) },
          {
            id: "lot",
            head: words.lot,
            cell: (line) => (line.lot ? <span className="mono">{line.lot}</span> : "–"),
          },
          {
            id: "temperature",
            head: words.temperature,
            number: true,
            cell: (line) => (line.temperature_c === null ? "–" : words.degrees(line.temperature_c)),
          },
          {
            id: "remark",
            head: words.remark,
            cell: (line) => <Remark line={line} onDecide={() => decide(line)} />,
          },
        ]}
      />
      {deciding ? (
        <DecideLine key={deciding.id} line={deciding} onDone={onChanged} onClose={() => decide(null)} />
      ) : null}
    </>
  );
}

function Remark({ line, onDecide }: { readonly line: Line; readonly onDecide: () => void }) {
  const words = useWords(orderWords);
  const { session } = useSession();
  const differs = line.received !== null && line.received !== line.prepared;
  return (
    <div className="row">
      {differs ? <Badge state="warn">{words.differs}</Badge> : null}
      {line.blocked ? <Badge state="danger">{words.blocked}</Badge> : null}
      {line.decided_why ? (
        <span className="small">
          {words.decided} {line.decided_why}
        </span>
      ) : null}
      {line.blocked && session.context?.role === "sterilisation_releaser" ? (
        <Button kind="primary" onClick={onDecide}>
          {words.decideLine}
        </Button>
      ) : null}
    </div>
  );
}
