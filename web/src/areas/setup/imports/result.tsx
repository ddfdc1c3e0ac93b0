import { Link } from "wouter";
import { Button } from "../../../ui/button";
import { Strip } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useWords } from "../../../words/language";
import type { Fault, Import } from "./shared";
import { importWords } from "./words";

const COUNTS = ["created", "changed", "unchanged", "removed", "conflicts"] as const;

interface Props {
  readonly result: Import;
  readonly busy: boolean;
  readonly onImport: () => void;
  readonly onAnother: () => void;
}

/** What a file would do, or has done. */
export function Result({ result, busy, onImport, onAnother }: Props) {
  const words = useWords(importWords);
  const { changes, faults } = result;
  if (faults.length > 0) return <Faults faults={faults} />;
  const done = result.state === "applied";
  const idle = changes.created + changes.changed + changes.removed === 0;
  return (
    <section className="panel stack" role="status" aria-label={words.import}>
      <Strip state={done ? "ok" : "info"}>
        {done ? words.applied : idle ? words.nothingNew : words.clean(result.line_count)}
      </Strip>
      <dl className="setup-counts">
        {COUNTS.filter((each) => changes[each] > 0 || each === "created").map((each) => (
          <div key={each}>
            <dt>{words.counts[each]}</dt>
            <dd>{changes[each]}</dd>
          </div>
        ))}
      </dl>
      <div className="row">
        {done ? (
          <>
            <Button onClick={onAnother}>{words.another}</Button>
            {changes.conflicts > 0 ? <Link href="/agenda/absences">{words.seeCampaigns}</Link> : null}
          </>
        ) : (
          <Button kind="primary" busy={busy} blocked={idle ? words.nothingNew : undefined} onClick={onImport}>
            {busy ? words.importing : words.import}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Each wrong place of a file: its line, its column, why. */
export function Faults({ faults }: { readonly faults: readonly Fault[] }) {
  const words = useWords(importWords);
  return (
    <section className="stack">
      <Strip state="danger" role="alert">
        {words.refused(faults.length)}
      </Strip>
      <DataTable
        caption={words.faults}
        rows={faults.map((fault, place) => ({ ...fault, key: String(place) }))}
        keyOf={(row) => row.key}
        columns={[
          { id: "line", head: words.line, number: true, cell: (row) => row.line },
          { id: "column", head: words.column, cell: (row) => row.column ?? words.wholeLine },
          { id: "why", head: words.why, cell: (row) => row.detail },
        ]}
      />
    </section>
  );
}
