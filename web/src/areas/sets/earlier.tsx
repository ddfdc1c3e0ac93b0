import { Link } from "wouter";
import { StageBadge } from "../../cooperation/badges";
import { Badge } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, shortDay } from "../../words/time";
import type { SetFile } from "./queries";
import { setsWords } from "./words";

/** Turns before the one that is shown, folded. */
export function Earlier({ file, shown }: { readonly file: SetFile; readonly shown: string | undefined }) {
  const words = useWords(setsWords);
  const { language } = useLanguage();
  const rows = file.runs.filter((run) => run.id !== shown);
  if (rows.length === 0) return <p className="muted">{words.noEarlier}</p>;
  return (
    <details className="panel">
      <summary>{words.earlier(rows.length)}</summary>
      <DataTable
        caption={words.earlier(rows.length)}
        captionHidden
        rows={rows}
        keyOf={(run) => run.id}
        columns={[
          {
            id: "began",
            head: words.began,
            cell: (run) => (
              <Link href={`/sets/${file.id}/runs/${run.id}`}>{dateOnly(run.created_at, language)}</Link>
            ),
          },
          { id: "outcome", head: words.outcome, cell: (run) => <StageBadge stage={run.stage} /> },
          {
            id: "load",
            head: words.loads,
            cell: (run) =>
              run.outcome ? (
                <Badge state={run.outcome === "release" ? "ok" : "danger"}>
                  {run.outcome === "release" ? words.released : words.rejected}
                  {run.cycle_no === null ? "" : ` (${run.cycle_no})`}
                </Badge>
              ) : (
                "–"
              ),
          },
          {
            id: "operation",
            head: words.operation,
            cell: (run) => <span className="mono">{run.operation_ref ?? "–"}</span>,
          },
          {
            id: "ended",
            head: words.ended,
            cell: (run) => (run.ended_at ? shortDay(run.ended_at, language) : words.now),
          },
        ]}
      />
    </details>
  );
}
