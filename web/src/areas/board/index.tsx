import type { ReactNode } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Loans } from "../../cooperation/loans/list";
import { OrderFile } from "../../cooperation/orders/file";
import { Orders } from "../../cooperation/orders/list";
import { Tabs } from "../../ui/tabs";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { Plans } from "./plans";
import { Today } from "./today";
import { boardWords } from "./words";
import "./board.css";

const ORDERS = "/board/orders";
const TABS = ["today", "orders", "loans", "continuity"] as const;
type Tab = (typeof TABS)[number];

/** What the group answers for all day: the day itself, orders of its services, loans, and who sterilises in its place. */
export default function Board() {
  return (
    <Switch>
      <Route path="/board/orders/:id">{(at) => <OrderFile key={at.id} id={at.id} base={ORDERS} />}</Route>
      <Route path="/board/orders">
        <Frame tab="orders">
          <Orders base={ORDERS} />
        </Frame>
      </Route>
      <Route path="/board/loans">
        <Frame tab="loans">
          <Loans />
        </Frame>
      </Route>
      <Route path="/board/continuity">
        <Frame tab="continuity">
          <Plans />
        </Frame>
      </Route>
      <Route>
        <Frame tab="today">
          <Today />
        </Frame>
      </Route>
    </Switch>
  );
}

function Frame({ tab, children }: { readonly tab: Tab; readonly children: ReactNode }) {
  const words = useWords(boardWords);
  const [, go] = useLocation();
  return (
    <div className="stack">
      <Title>{words.title}</Title>
      <Tabs
        label={words.tabs}
        tabs={TABS.map((id) => ({ id, label: words[id] }))}
        selected={tab}
        onSelect={(id) => go(id === "today" ? "/board" : `/board/${id}`)}
      >
        {children}
      </Tabs>
    </div>
  );
}
