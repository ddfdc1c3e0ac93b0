import { useState } from "react";
import { Link } from "wouter";
import type { Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/field";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { longDay } from "../../words/time";
import { useNames } from "../names";
import { ENDED, inOrder, type Side, turnOf } from "./life";
import { MakeOrder } from "./make";
import { useFlows, useOrders, useSide } from "./queries";
import { StateBadge } from "./state";
import { orderWords } from "./words";
import "./orders.css";

type Row = Schema<"cooperation.OrderItem">;

/** Orders of every shared service, those that wait for this side first. `base`: the address of one order without its id. */
export function Orders({ base }: { readonly base: string }) {
  const words = useWords(orderWords);
  const { may } = useSession();
  const side = useSide();
  const [ended, show] = useState(false);
  const [making, make] = useState(false);
  const query = useOrders();
  const makes = side === "member" && may("cooperation:order.write");
  const button = (
    <Button kind="primary" onClick={() => make(true)}>
      {words.make}
    </Button>
  );
  return (
    <>
      <div className="row spread orders-head">
        <SelectField
          label={words.shown}
          value={ended ? "ended" : "open"}
          onChange={(event) => show(event.target.value === "ended")}
        >
          <option value="open">{words.open}</option>
          <option value="ended">{words.ended}</option>
        </SelectField>
        {makes ? button : null}
      </div>
      <Read of={query}>
        {({ items }) => {
          const rows = inOrder(
            items.filter((row) => ENDED.includes(row.state) === ended),
            side,
          );
          if (rows.length === 0) return <Empty>{ended ? words.noneEnded : words.none}</Empty>;
          return <Rows rows={rows} side={side} base={base} />;
        }}
      </Read>
      {making ? <MakeOrder base={base} onClose={() => make(false)} /> : null}
    </>
  );
}

function Rows({
  rows,
  side,
  base,
}: {
  readonly rows: readonly Row[];
  readonly side: Side;
  readonly base: string;
}) {
  const words = useWords(orderWords);
  const { language } = useLanguage();
  const names = useNames();
  const { data: flows = [] } = useFlows();
  return (
    <DataTable
      caption={words.orders}
      captionHidden
      rows={rows}
      keyOf={(row) => row.id}
      columns={[
        {
          id: "flow",
          head: words.flow,
          cell: (row) => (
            <Link href={`${base}/${row.id}`}>
              {flows.find((flow) => flow.code === row.flow)?.name ?? row.flow}
            </Link>
          ),
        },
        { id: "wanted", head: words.wanted, cell: (row) => longDay(row.wanted_on, language) },
        { id: "site", head: words.site, cell: (row) => names.site(row.site_id) },
        { id: "state", head: words.state, cell: (row) => <StateBadge state={row.state} /> },
        {
          id: "next",
          head: words.next,
          cell: (row) => {
            const turn = turnOf(row);
            if (turn === null) return "–";
            const todo = words.todo[row.state];
            return turn === side ? (
              <Badge state="warn">{`${words.yours} : ${todo}`}</Badge>
            ) : (
              <span className="muted">{`${words.theirs[turn]} : ${todo}`}</span>
            );
          },
        },
      ]}
    />
  );
}
