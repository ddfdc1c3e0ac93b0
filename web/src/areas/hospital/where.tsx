import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, body } from "../../api/client";
import { useSession } from "../../api/session";
import { NeedBadge, StageBadge, UrgentBadge } from "../../cooperation/badges";
import { useNames, useSets } from "../../cooperation/names";
import { SetSearch } from "../../cooperation/set-search";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { AskUrgently } from "./urgent";
import { hospitalWords } from "./words";

export function usePromises() {
  return useLiveQuery({
    queryKey: ["cooperation", "promises"],
    queryFn: () => body(api.GET("/api/cooperation/v1/promises", { params: { query: { limit: 200 } } })),
    topics: ["cooperation.promise_changed", "cooperation.run_stage_changed"],
    atMostEvery: 3_000,
  });
}

/** Needs against what is promised, sets at the plant, urgent requests. */
export function Where() {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const names = useNames();
  const [, go] = useLocation();
  const [asking, ask] = useState(false);
  const { data: sets = [] } = useSets();
  const promises = usePromises();
  const needs = useLiveQuery({
    queryKey: ["cooperation", "needs"],
    queryFn: () => body(api.GET("/api/cooperation/v1/needs", { params: { query: { limit: 200 } } })),
    topics: ["cooperation.need_changed", "cooperation.promise_changed"],
    atMostEvery: 3_000,
  });
  const urgent = useLiveQuery({
    queryKey: ["cooperation", "urgent_requests"],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/urgent_requests", { params: { query: { limit: 100 } } })),
    topics: ["cooperation.urgent_request_changed"],
  });
  return (
    <>
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
      <Read of={urgent}>
        {({ items }) =>
          items.length === 0 ? null : (
            <DataTable
              caption={words.urgent}
              rows={items}
              keyOf={(row) => row.id}
              columns={[
                { id: "what", head: words.composition, cell: (row) => names.composition(row.composition_id) },
                { id: "state", head: words.state, cell: (row) => <UrgentBadge state={row.state} /> },
                { id: "for", head: words.wanted, cell: (row) => dayAndTime(row.needed_at, language) },
                {
                  id: "promise",
                  head: words.promise,
                  cell: (row) => {
                    if (row.promised_at) return dayAndTime(row.promised_at, language);
                    if (row.state === "declined") return row.decided_why;
                    if (!row.p50 || !row.p90) return words.impossible;
                    const half = dayAndTime(row.p50, language);
                    return `${words.proposal(half, dayAndTime(row.p90, language))} ${words.passes(row.delayed.length)}`;
                  },
                },
                { id: "why", head: words.reason, cell: (row) => row.reason },
              ]}
            />
          )
        }
      </Read>
      <Read of={needs}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.noNeed}</Empty>
          ) : (
            <DataTable
              caption={words.needs}
              rows={items}
              keyOf={(need) => need.id}
              columns={[
                {
                  id: "operation",
                  head: words.operation,
                  cell: (need) => <span className="mono">{need.operation_ref}</span>,
                },
                { id: "state", head: words.state, cell: (need) => <NeedBadge state={need.state} /> },
                {
                  id: "what",
                  head: words.composition,
                  cell: (need) => `${need.quantity} × ${names.composition(need.composition_id)}`,
                },
                { id: "starts", head: words.starts, cell: (need) => dayAndTime(need.starts_at, language) },
                {
                  id: "promise",
                  head: words.promise,
                  cell: (need) => (need.p90 ? dayAndTime(need.p90, language) : "–"),
                },
              ]}
            />
          )
        }
      </Read>
      <Read of={promises}>
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
      {asking ? <AskUrgently onClose={() => ask(false)} /> : null}
    </>
  );
}
