import type { ReactNode } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { useSession } from "../../api/session";
import { OpenIssues } from "../../cooperation/issues";
import { Loans } from "../../cooperation/loans/list";
import { setOfIssue } from "../../cooperation/names";
import { OrderFile } from "../../cooperation/orders/file";
import { Orders } from "../../cooperation/orders/list";
import { Tabs } from "../../ui/tabs";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { Deliveries } from "./deliveries";
import { Delivery } from "./delivery";
import { Operations } from "./operations";
import { Where } from "./where";
import { hospitalWords } from "./words";
import "./hospital.css";

const ORDERS = "/hospital/orders";
const TABS = ["sets", "operations", "orders", "deliveries", "loans", "issues"] as const;
type Tab = (typeof TABS)[number];

/** What a member hospital asks all day: where its sets are, what was promised, what it ordered. */
export default function Hospital() {
  return (
    <Switch>
      <Route path="/hospital/orders/:id">{(at) => <OrderFile key={at.id} id={at.id} base={ORDERS} />}</Route>
      <Route path="/hospital/deliveries/:id">
        {(at) => (
          <Frame tab="deliveries">
            <Delivery key={at.id} id={at.id} />
          </Frame>
        )}
      </Route>
      <Route>
        <Chosen />
      </Route>
    </Switch>
  );
}

function Chosen() {
  const [location, go] = useLocation();
  const { session } = useSession();
  const first = session.context?.role === "supplier" ? "loans" : "sets";
  const tab = TABS.find((each) => location === `/hospital/${each}`) ?? first;
  return (
    <Frame tab={tab}>
      {tab === "sets" ? <Where /> : null}
      {tab === "operations" ? <Operations /> : null}
      {tab === "orders" ? <Orders base={ORDERS} /> : null}
      {tab === "deliveries" ? <Deliveries /> : null}
      {tab === "loans" ? <Loans /> : null}
      {tab === "issues" ? (
        <OpenIssues onSubject={(issue) => void setOfIssue(issue).then((id) => go(`/sets/${id}`))} />
      ) : null}
    </Frame>
  );
}

/** The tabs; a supplier, who lends sets, has his loans only. */
function Frame({ tab, children }: { readonly tab: Tab; readonly children: ReactNode }) {
  const words = useWords(hospitalWords);
  const [, go] = useLocation();
  const { session } = useSession();
  if (session.context?.role === "supplier") {
    return (
      <div className="stack">
        <Title>{words.lends}</Title>
        {children}
      </div>
    );
  }
  return (
    <div className="stack">
      <div className="row spread">
        <Title>{words.title}</Title>
        <Link className="button" href="/recalls">
          {words.recalls}
        </Link>
      </div>
      <Tabs
        label={words.tabs}
        tabs={TABS.map((id) => ({ id, label: words[id] }))}
        selected={tab}
        onSelect={(id) => go(`/hospital/${id}`)}
      >
        {children}
      </Tabs>
    </div>
  );
}
