import { useState } from "react";
import { api, body, type Schema } from "../../../api/client";
import { BarChart } from "../../../ui/chart";
import { Empty, Read } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useWords } from "../../../words/language";
import { type Asked, By, useLabels, useReport } from "./shared";
import { reportWords } from "./words";

type Row = Schema<"appointments.MissedRow">;
const GROUPS = ["lead", "reminder", "site", "week", "weekday", "channel", "reason", "practitioner"] as const;

/** Who did not come, by what a centre can change: how long before one books, whether a reminder left. */
export function MissedReport({ asked }: { readonly asked: Asked }) {
  const words = useWords(reportWords);
  const [group, setGroup] = useState<(typeof GROUPS)[number]>("lead");
  const labelOf = useLabels(group);
  const report = useReport("missed", { ...asked, group }, () => {
    const query = { ...asked, group };
    return body(api.GET("/api/appointments/v1/reports/missed", { params: { query } }));
  });
  const share = (value: number | null | undefined) => (value == null ? "–" : words.percent(value));
  return (
    <>
      <By groups={GROUPS} value={group} onChange={setGroup} />
      <Read of={report}>
        {({ rows, freed }) =>
          rows.length === 0 ? (
            <Empty>{words.nothing}</Empty>
          ) : (
            <>
              <p>{words.freed(freed.freed, freed.retaken)}</p>
              <BarChart
                title={words.missedTitle}
                unit="%"
                number={words.percent}
                file={`absences-patients-${asked.from}-${asked.to}`}
                labelled={words.groups[group]}
                labels={rows.map(labelOf)}
                series={[
                  {
                    id: "missed",
                    name: words.missedShare,
                    values: rows.map((row) => row.missed_share ?? null),
                  },
                  { id: "late", name: words.lateShare, values: rows.map((row) => row.late_share ?? null) },
                ]}
              />
              <DataTable
                caption={words.tabs.missed}
                captionHidden
                rows={rows}
                keyOf={(row) => row.key}
                columns={[
                  { id: "label", head: words.groups[group], cell: labelOf },
                  ...(
                    [
                      [words.due, (row) => row.due ?? "–"],
                      [words.missed, (row) => row.missed ?? "–"],
                      [words.missedShare, (row) => share(row.missed_share)],
                      [words.excused, (row) => row.excused ?? "–"],
                      [words.late, (row) => row.late ?? "–"],
                      [words.lateShare, (row) => share(row.late_share)],
                    ] as readonly [string, (row: Row) => string | number][]
                  ).map(([head, cell], place) => ({
                    id: String(place),
                    head,
                    number: true,
                    cell: (row: Row) => (row.few ? words.few : cell(row)),
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
