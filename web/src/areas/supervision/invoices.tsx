import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, body } from "../../api/client";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, duration } from "../../words/time";
import { euros } from "./figures";
import { supervisionWords } from "./words";

/** What each month is billed. */
export function Invoices() {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const invoices = useLiveQuery({
    queryKey: ["telesecretariat", "invoices"],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/telesecretariat/v1/invoices", { params: { query: { limit: 100 } }, signal })))
        .items,
    topics: ["telesecretariat.invoice_closed"],
  });
  return (
    <>
      <Title>{words.invoices}</Title>
      <Read of={invoices}>
        {(items) =>
          items.length === 0 ? (
            <Empty>{words.noInvoice}</Empty>
          ) : (
            <DataTable
              caption={words.invoices}
              rows={items}
              keyOf={(each) => each.id}
              columns={[
                { id: "month", head: words.month, cell: (each) => each.month },
                {
                  id: "state",
                  head: words.state,
                  cell: (each) => (
                    <Badge state={each.state === "closed" ? "ok" : "info"}>
                      {words.invoiceStates[each.state]}
                    </Badge>
                  ),
                },
                {
                  id: "total",
                  head: words.amount,
                  number: true,
                  cell: (each) => euros(each.total_cents, language),
                },
                {
                  id: "acts",
                  head: words.acts,
                  cell: (each) => (
                    <Link href={`/supervision/invoices/${each.id}`} className="button">
                      {words.openInvoice}
                    </Link>
                  ),
                },
              ]}
            />
          )
        }
      </Read>
    </>
  );
}

/** One invoice: each line opens on its calls. */
export function Invoice({ id }: { readonly id: string }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const [line, open] = useState("");
  const invoice = useLiveQuery({
    queryKey: ["telesecretariat", "invoices", id],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/telesecretariat/v1/invoices/{invoice_id}", {
          params: { path: { invoice_id: id } },
          signal,
        }),
      ),
    topics: ["telesecretariat.invoice_closed"],
    about: id,
  });
  return (
    <>
      <Title>{words.invoices}</Title>
      <div>
        <Link href="/supervision/invoices" className="button">
          {words.backToInvoices}
        </Link>
      </div>
      <Read of={invoice}>
        {(data) => (
          <>
            <h2>
              {words.invoiceOf(data.month)} · {words.total_amount} {euros(data.total_cents, language)}
            </h2>
            <DataTable
              caption={words.invoiceOf(data.month)}
              captionHidden
              rows={data.lines}
              keyOf={(each) => each.id}
              selected={line || undefined}
              columns={[
                {
                  id: "kind",
                  head: words.kind,
                  cell: (each) =>
                    `${words.kinds[each.kind]}${each.corrects_id ? ` (${words.correction})` : ""}`,
                },
                { id: "count", head: words.count, number: true, cell: (each) => each.count },
                {
                  id: "unit",
                  head: words.unitPrice,
                  number: true,
                  cell: (each) => euros(each.unit_cents, language),
                },
                {
                  id: "amount",
                  head: words.amount,
                  number: true,
                  cell: (each) => euros(each.amount_cents, language),
                },
                {
                  id: "acts",
                  head: words.acts,
                  cell: (each) =>
                    each.kind === "monthly" || each.corrects_id ? null : (
                      <Button onClick={() => open(each.id)}>{words.showCalls}</Button>
                    ),
                },
              ]}
            />
            {line ? <Billed invoiceId={id} lineId={line} /> : null}
            {data.hash ? <p className="small muted mono">{words.seal(data.hash)}</p> : null}
          </>
        )}
      </Read>
    </>
  );
}

function Billed({ invoiceId, lineId }: { readonly invoiceId: string; readonly lineId: string }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const calls = useQuery({
    queryKey: ["telesecretariat", "invoices", invoiceId, lineId],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/telesecretariat/v1/invoices/{invoice_id}/lines/{line_id}/calls", {
            params: { path: { invoice_id: invoiceId, line_id: lineId }, query: { limit: 100 } },
            signal,
          }),
        )
      ).items,
  });
  return (
    <Read of={calls}>
      {(items) => (
        <DataTable
          caption={words.billedCalls}
          rows={items}
          keyOf={(each) => each.id}
          columns={[
            { id: "arrived", head: words.arrivedAt, cell: (each) => dayAndTime(each.arrived_at, language) },
            { id: "talk", head: words.talk, number: true, cell: (each) => duration(each.talk_s) },
          ]}
        />
      )}
    </Read>
  );
}
