import { api, body } from "../../api/client";
import { useNames } from "../../cooperation/names";
import { useLiveQuery } from "../../live/live";
import { Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, dayAndTime } from "../../words/time";
import { hospitalWords } from "./words";

/** What was handed over between docks, and sets that suppliers lend. */
export function Deliveries() {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const names = useNames();
  const handovers = useLiveQuery({
    queryKey: ["cooperation", "handovers"],
    queryFn: () => body(api.GET("/api/cooperation/v1/handovers", { params: { query: { limit: 100 } } })),
    topics: ["cooperation.handover_recorded"],
  });
  const loans = useLiveQuery({
    queryKey: ["cooperation", "loans"],
    queryFn: () => body(api.GET("/api/cooperation/v1/loans", { params: { query: { limit: 100 } } })),
    topics: ["cooperation.loan_changed"],
  });
  return (
    <>
      <Read of={handovers}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.noHandover}</Empty>
          ) : (
            <DataTable
              caption={words.handovers}
              rows={items}
              keyOf={(row) => row.id}
              columns={[
                { id: "given", head: words.given, cell: (row) => dayAndTime(row.given_at, language) },
                {
                  id: "places",
                  head: words.site,
                  cell: (row) => `${names.place(row.from_place_id)} › ${names.place(row.to_place_id)}`,
                },
                {
                  id: "taken",
                  head: words.taken,
                  cell: (row) => (row.taken_at ? dayAndTime(row.taken_at, language) : words.notTaken),
                },
              ]}
            />
          )
        }
      </Read>
      <Read of={loans}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.noLoan}</Empty>
          ) : (
            <DataTable
              caption={words.loans}
              rows={items}
              keyOf={(row) => row.id}
              columns={[
                { id: "set", head: words.set, cell: (row) => row.reference },
                { id: "state", head: words.state, cell: (row) => words.loanState[row.state] },
                { id: "due", head: words.due, cell: (row) => dateOnly(row.due_on, language) },
                { id: "site", head: words.site, cell: (row) => names.site(row.site_id) },
              ]}
            />
          )
        }
      </Read>
    </>
  );
}
