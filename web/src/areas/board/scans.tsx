import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { boardWords } from "./words";

type How = Schema<"cooperation.Settling">["how"];

/** Scans that came too late or could not be followed: a person says what became of each. Nothing is dropped. */
export function Scans() {
  const words = useWords(boardWords);
  const { language } = useLanguage();
  const query = useLiveQuery({
    queryKey: ["cooperation", "scans", "to_settle"],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/scans", { params: { query: { to_settle: true, limit: 100 } } })),
    topics: [
      "cooperation.scan_settled",
      "cooperation.run_stage_changed",
      "cooperation.custody_changed",
      "cooperation.issue_opened",
    ],
    atMostEvery: 5_000,
  });
  return (
    <section className="stack">
      <h2>{words.settle}</h2>
      <Read of={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.noScan}</Empty>
          ) : (
            <DataTable
              caption={words.settle}
              captionHidden
              rows={items}
              keyOf={(scan) => scan.id}
              columns={[
                { id: "code", head: words.code, cell: (scan) => <span className="mono">{scan.code}</span> },
                { id: "read", head: words.read, cell: (scan) => dayAndTime(scan.scanned_at, language) },
                { id: "why", head: words.refusedFor, cell: (scan) => scan.message ?? scan.refused_for },
                {
                  id: "acts",
                  head: words.acts,
                  cell: (scan) => <Settle scanId={scan.id} onSettled={() => void query.refetch()} />,
                },
              ]}
            />
          )
        }
      </Read>
    </section>
  );
}

function Settle({ scanId, onSettled }: { readonly scanId: string; readonly onSettled: () => void }) {
  const words = useWords(boardWords);
  const say = useToast();
  const settle = useCommand(
    (how: How, key) =>
      body(
        api.POST("/api/cooperation/v1/scans/{scan_id}/settle", {
          params: { path: { scan_id: scanId } },
          body: { how },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.settled);
      onSettled();
    },
  );
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void settle.run(String(new FormData(event.currentTarget).get("how")) as How);
      }}
    >
      <select name="how" aria-label={words.how}>
        {Object.entries(words.hows).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <Button type="submit" busy={settle.pending}>
        {words.settleIt}
      </Button>
      <RefusalStrip refusal={settle.refusal} />
    </form>
  );
}
