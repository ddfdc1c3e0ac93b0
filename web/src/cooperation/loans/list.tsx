import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Badge, Empty, Read, type State } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, today } from "../../words/time";
import { useNames } from "../names";
import { LoanFile } from "./file";
import { loanWords } from "./words";

export type Loan = Schema<"cooperation.LoanOut">;
const LOOK: Readonly<Record<Loan["state"], State>> = {
  announced: "info",
  counted_in: "info",
  ready: "ok",
  used: "neutral",
  counted_out: "warn",
  closed: "neutral",
};
const total = (by: Readonly<Record<string, number>>) =>
  Object.values(by).reduce((all, each) => all + each, 0);

/** Sets that suppliers lend, from their announcement to their return; what is not closed first. */
export function Loans() {
  const words = useWords(loanWords);
  const { language } = useLanguage();
  const names = useNames();
  const [chosen, choose] = useState<string | null>(null);
  const query = useLiveQuery({
    queryKey: ["cooperation", "loans"],
    queryFn: () => body(api.GET("/api/cooperation/v1/loans", { params: { query: { limit: 200 } } })),
    topics: ["cooperation.loan_changed"],
  });
  const loan = query.data?.items.find((each) => each.id === chosen);
  return (
    <>
      <Read of={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.none}</Empty>
          ) : (
            <DataTable
              caption={words.loans}
              captionHidden
              rows={items.toSorted(
                (a, b) =>
                  Number(a.state === "closed") - Number(b.state === "closed") ||
                  a.due_on.localeCompare(b.due_on),
              )}
              keyOf={(row) => row.id}
              columns={[
                {
                  id: "reference",
                  head: words.reference,
                  cell: (row) => <span className="mono">{row.reference}</span>,
                },
                {
                  id: "state",
                  head: words.state,
                  cell: (row) => <Badge state={LOOK[row.state]}>{words.states[row.state]}</Badge>,
                },
                { id: "due", head: words.due, cell: (row) => dateOnly(row.due_on, language) },
                { id: "site", head: words.site, cell: (row) => names.site(row.site_id) },
                { id: "remark", head: words.remark, cell: (row) => <Remarks loan={row} /> },
                {
                  id: "acts",
                  head: words.acts,
                  cell: (row) => <Button onClick={() => choose(row.id)}>{words.see}</Button>,
                },
              ]}
            />
          )
        }
      </Read>
      {loan ? (
        <LoanFile
          key={loan.id}
          loan={loan}
          onChanged={() => void query.refetch()}
          onClose={() => choose(null)}
        />
      ) : null}
    </>
  );
}

function Remarks({ loan }: { readonly loan: Loan }) {
  const words = useWords(loanWords);
  const short = total(loan.counted_out ? loan.missing_out : loan.missing_in);
  return (
    <div className="row">
      {loan.state === "announced" && loan.due_on < today() ? (
        <Badge state="danger">{words.late}</Badge>
      ) : null}
      {loan.announced ? null : <Badge state="warn">{words.unannounced}</Badge>}
      {short > 0 ? <Badge state="danger">{words.short(short)}</Badge> : null}
      {loan.state === "counted_in" && loan.washes_needed > 0 ? (
        <Badge state="info">{words.washes(loan.washes_needed)}</Badge>
      ) : null}
    </div>
  );
}
