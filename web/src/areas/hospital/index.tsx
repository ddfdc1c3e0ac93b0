import { Link, useLocation } from "wouter";
import { OpenIssues } from "../../cooperation/issues";
import { setOfIssue } from "../../cooperation/names";
import { Tabs } from "../../ui/tabs";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { Deliveries } from "./deliveries";
import { Orders } from "./orders";
import { Where } from "./where";
import { hospitalWords } from "./words";

const TABS = ["sets", "orders", "deliveries", "issues"] as const;

/** What a member hospital asks all day: where its sets are, what was promised, what it ordered. */
export default function Hospital() {
  const words = useWords(hospitalWords);
  const [location, go] = useLocation();
  const tab = TABS.find((each) => location === `/hospital/${each}`) ?? "sets";
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
        {tab === "sets" ? <Where /> : null}
        {tab === "orders" ? <Orders /> : null}
        {tab === "deliveries" ? <Deliveries /> : null}
        {tab === "issues" ? (
          <OpenIssues onSubject={(issue) => void setOfIssue(issue).then((id) => go(`/sets/${id}`))} />
        ) : null}
      </Tabs>
    </div>
  );
}
