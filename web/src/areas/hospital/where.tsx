import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { StageBadge, UrgentBadge } from "../../cooperation/badges";
import { useNames, useSets } from "../../cooperation/names";
import { SetSearch } from "../../cooperation/set-search";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Empty, Read, Strip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { usePromises } from "./queries";
import { Tomorrow } from "./tomorrow";
import { AskUrgently } from "./urgent";
import { hospitalWords } from "./words";

/** Recalls that reach us first, then what to look for, what was asked urgently, and sets on their way. */
export function Where() {
  const words = useWords(hospitalWords);
  const { may } = useSession();
  const [, go] = useLocation();
  const [asking, ask] = useState(false);
  return (
    <>
      <Recalled />
      <div className="panel stack">
        <SetSearch label={words.find} onChoose={(id) => go(`/sets/${id}`)} />
        {may("cooperation:programme.write") ? (
          <div>
            <Button kind="primary" onClick={() => ask(true)}>
              {words.ask}
            </Button>
          </div>
        ) : null}
      </div>
      <Tomorrow />
      <Urgent />
      <Promises />
      {asking ? <AskUrgently onClose={() => ask(false)} /> : null}
    </>
  );
}

/** Each open recall with what is left to settle; its own lines are settled on its page. */
function Recalled() {
  const words = useWords(hospitalWords);
  const { data } = useLiveQuery({
    queryKey: ["cooperation", "recalls"],
    queryFn: () => body(api.GET("/api/cooperation/v1/recalls", { params: { query: { limit: 100 } } })),
    topics: ["cooperation.recall_*"],
    urgent: true,
  });
  const open = (data?.items ?? []).filter((recall) => recall.state === "open");
  return open.map((recall) => (
    <Strip
      key={recall.id}
      state={recall.left > 0 ? "danger" : "info"}
      acts={
        <Link
          className="button"
          data-kind={recall.left > 0 ? "primary" : undefined}
          href={`/recalls/${recall.id}`}
        >
          {recall.left > 0 ? words.settleLines : words.seeRecall}
        </Link>
      }
    >
      <strong>{words.recalled(recall.left)}</strong> {recall.cause}
    </Strip>
  ));
}

type Request = Schema<"cooperation.UrgentOut">;

function Urgent() {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const names = useNames();
  const urgent = useLiveQuery({
    queryKey: ["cooperation", "urgent_requests"],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/urgent_requests", { params: { query: { limit: 100 } } })),
    topics: ["cooperation.urgent_request_changed"],
  });
  const promise = (row: Request) => {
    if (row.promised_at) return dayAndTime(row.promised_at, language);
    if (row.state === "declined") return row.decided_why;
    if (!row.p50 || !row.p90) return words.impossible;
    return words.proposal(dayAndTime(row.p50, language), dayAndTime(row.p90, language));
  };
  return (
    <Read of={urgent}>
      {({ items }) =>
        items.length === 0 ? null : (
          <DataTable
            caption={words.urgent}
            rows={items.toReversed()}
            keyOf={(row) => row.id}
            columns={[
              { id: "what", head: words.composition, cell: (row) => names.composition(row.composition_id) },
              { id: "state", head: words.state, cell: (row) => <UrgentBadge state={row.state} /> },
              { id: "for", head: words.wanted, cell: (row) => dayAndTime(row.needed_at, language) },
              { id: "promise", head: words.promise, cell: promise },
              { id: "why", head: words.reason, cell: (row) => row.reason },
            ]}
          />
        )
      }
    </Read>
  );
}

function Promises() {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { data: sets = [] } = useSets();
  return (
    <Read of={usePromises()}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{words.noPromise}</Empty>
        ) : (
          <DataTable
            caption={words.inPlant}
            rows={items}
            keyOf={(row) => row.run_id + row.site_id}
            columns={[
              {
                id: "set",
                head: words.set,
                cell: (row) => (
                  <Link href={`/sets/${row.set_id}`}>
                    {sets.find((each) => each.id === row.set_id)?.name ?? words.set}
                  </Link>
                ),
              },
              { id: "stage", head: words.stage, cell: (row) => <StageBadge stage={row.stage} /> },
              { id: "likely", head: words.likely, cell: (row) => dayAndTime(row.p50, language) },
              { id: "sure", head: words.sure, cell: (row) => dayAndTime(row.p90, language) },
            ]}
          />
        )
      }
    </Read>
  );
}
