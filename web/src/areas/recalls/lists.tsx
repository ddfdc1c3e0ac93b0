import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Tabs } from "../../ui/tabs";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { NewHold } from "./new-hold";
import { useHolds, useRecalls } from "./queries";
import { recallsWords } from "./words";

/** Recalls and holds, the newest first. */
export function Lists({ tab }: { readonly tab: "recalls" | "holds" }) {
  const words = useWords(recallsWords);
  const { may, session } = useSession();
  const [, go] = useLocation();
  const [holding, hold] = useState(false);
  const opens = ["sterilisation_releaser", "gcs_manager"].includes(session.context?.role ?? "");
  return (
    <div className="stack">
      <div className="row spread">
        <Title>{words.title}</Title>
        <div className="row">
          {may("cooperation:hold.sign") ? (
            <Button onClick={() => hold(true)}>{words.placeHold}</Button>
          ) : null}
          {opens ? (
            <Link className="button" data-kind="primary" href="/recalls/new">
              {words.openRecall}
            </Link>
          ) : null}
        </div>
      </div>
      <Tabs
        label={words.tabs}
        tabs={[
          { id: "recalls", label: words.recalls },
          { id: "holds", label: words.holds },
        ]}
        selected={tab}
        onSelect={(id) => go(id === "holds" ? "/recalls/holds" : "/recalls")}
      >
        {tab === "holds" ? <Holds /> : <RecallList />}
      </Tabs>
      {holding ? <NewHold onClose={() => hold(false)} onPlaced={(id) => go(`/recalls/holds/${id}`)} /> : null}
    </div>
  );
}

function RecallList() {
  const words = useWords(recallsWords);
  const { language } = useLanguage();
  return (
    <Read of={useRecalls()}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{words.noRecall}</Empty>
        ) : (
          <DataTable
            caption={words.recalls}
            captionHidden
            rows={items}
            keyOf={(row) => row.id}
            columns={[
              {
                id: "cause",
                head: words.cause,
                cell: (row) => <Link href={`/recalls/${row.id}`}>{row.cause}</Link>,
              },
              {
                id: "state",
                head: words.state,
                cell: (row) =>
                  row.state === "open" ? (
                    <Badge state="danger">{words.open}</Badge>
                  ) : (
                    <Badge state="ok">{row.unfounded ? words.unfounded : words.closed}</Badge>
                  ),
              },
              {
                id: "progress",
                head: words.progress,
                cell: (row) => words.settled(row.lines, row.lines - row.left),
              },
              { id: "opened", head: words.openedAt, cell: (row) => dayAndTime(row.opened_at, language) },
            ]}
          />
        )
      }
    </Read>
  );
}

function Holds() {
  const words = useWords(recallsWords);
  const { language } = useLanguage();
  return (
    <Read of={useHolds()}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{words.noHold}</Empty>
        ) : (
          <DataTable
            caption={words.holds}
            captionHidden
            rows={items}
            keyOf={(row) => row.id}
            columns={[
              {
                id: "cause",
                head: words.cause,
                cell: (row) => <Link href={`/recalls/holds/${row.id}`}>{row.cause}</Link>,
              },
              { id: "kind", head: words.holdKind, cell: (row) => words.kinds[row.kind] },
              {
                id: "state",
                head: words.state,
                cell: (row) => (
                  <Badge state={row.state === "active" ? "danger" : "ok"}>
                    {words.holdStates[row.state]}
                  </Badge>
                ),
              },
              { id: "subjects", head: words.subjects, number: true, cell: (row) => row.subjects },
              { id: "opened", head: words.openedAt, cell: (row) => dayAndTime(row.created_at, language) },
            ]}
          />
        )
      }
    </Read>
  );
}
