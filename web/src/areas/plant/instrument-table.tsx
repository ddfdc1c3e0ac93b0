import { useState } from "react";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useWords } from "../../words/language";
import { useAll } from "./collection";
import { InstrumentActs } from "./instrument-acts";
import { type Instrument, shortCode } from "./set-rows";
import { plantWords } from "./words";

const LOOK = { in_service: "ok", in_repair: "warn", missing: "danger", retired: "neutral" } as const;
const PAGE = 50;

interface Props {
  readonly rows: readonly Instrument[];
  /** Beside their set, which need not be said again. */
  readonly inSet?: boolean;
  readonly setName?: (id: string | null) => string;
}

/** Instruments with their state, and the acts on one. */
export function InstrumentTable({ rows, inSet, setName }: Props) {
  const words = useWords(plantWords);
  const models = useAll("instrument_models").data ?? [];
  const [open, setOpen] = useState<string | null>(null);
  const [most, setMost] = useState(PAGE);
  const chosen = rows.find((row) => row.id === open);
  return (
    <>
      <DataTable
        caption={words.instruments}
        captionHidden
        rows={rows.slice(0, most)}
        keyOf={(row) => row.id}
        onMore={rows.length > most ? () => setMost(most + PAGE) : undefined}
        columns={[
          {
            id: "code",
            head: words.mark,
            cell: (row) => <span className="mono">{shortCode(row.code)}</span>,
          },
          {
            id: "model",
            head: words.model,
            cell: (row) => models.find((each) => each.id === row.model_id)?.alias ?? "",
          },
          ...(inSet
            ? []
            : [
                {
                  id: "set",
                  head: words.set,
                  cell: (row: Instrument) => setName?.(row.set_id) ?? "",
                },
              ]),
          {
            id: "status",
            head: words.state,
            cell: (row) => <Badge state={LOOK[row.status]}>{words.statuses[row.status]}</Badge>,
          },
          { id: "runs", head: words.turns, number: true, cell: (row) => row.runs_count },
          {
            id: "acts",
            head: words.acts,
            cell: (row) => (
              <Button aria-label={words.changeOf(shortCode(row.code))} onClick={() => setOpen(row.id)}>
                {words.change}
              </Button>
            ),
          },
        ]}
      />
      {chosen ? <InstrumentActs instrument={chosen} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
