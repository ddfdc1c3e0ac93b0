import { useState } from "react";
import { api, body, type Schema } from "../../../api/client";
import { BarChart } from "../../../ui/chart";
import { Empty, Read } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useWords } from "../../../words/language";
import { type Asked, By, useLabels, useReport } from "./shared";
import { reportWords } from "./words";

type Row = Schema<"appointments.ActivityRow">;
const GROUPS = ["site", "week", "month", "weekday", "mode", "channel", "reason", "practitioner"] as const;
const PARTS = ["fulfilled", "booked", "cancelled", "noshow"] as const;

/** How many appointments, and what became of them. */
export function ActivityReport({ asked }: { readonly asked: Asked }) {
  const words = useWords(reportWords);
  const [group, setGroup] = useState<(typeof GROUPS)[number]>("site");
  const labelOf = useLabels(group);
  const report = useReport("activity", { ...asked, group }, async () => {
    const query = { ...asked, group };
    return (await body(api.GET("/api/appointments/v1/reports/activity", { params: { query } }))).rows;
  });
  const figures: readonly [string, (row: Row) => number | null | undefined][] = [
    [words.total, (row) => row.visits],
    [words.fulfilled, (row) => row.fulfilled],
    [words.cancelled, (row) => row.cancelled],
    [words.late, (row) => row.late],
    [words.noshow, (row) => row.noshow],
    [words.unscheduled, (row) => row.unscheduled],
    [words.overbooked, (row) => row.overbooked],
    [words.walkIns, (row) => row.walk_ins],
    [words.phone, (row) => row.phone],
    [words.online, (row) => row.online],
  ];
  return (
    <>
      <By groups={GROUPS} value={group} onChange={setGroup} />
      <Read of={report}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{words.nothing}</Empty>
          ) : (
            <>
              <BarChart
                title={words.activity}
                unit={words.visits}
                file={`activite-${asked.from}-${asked.to}`}
                labelled={words.groups[group]}
                labels={rows.map(labelOf)}
                series={PARTS.map((id) => ({
                  id,
                  name: words[id],
                  values: rows.map((row) => row[id] ?? null),
                }))}
                stacked
              />
              <DataTable
                caption={words.tabs.activity}
                captionHidden
                rows={rows}
                keyOf={(row) => row.key}
                columns={[
                  { id: "label", head: words.groups[group], cell: labelOf },
                  ...figures.map(([head, value]) => ({
                    id: head,
                    head,
                    number: true,
                    cell: (row: Row) => (row.few ? words.few : (value(row) ?? "–")),
                  })),
                ]}
              />
            </>
          )
        }
      </Read>
    </>
  );
}
