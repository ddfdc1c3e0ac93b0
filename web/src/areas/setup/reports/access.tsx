import { api, body, type Schema } from "../../../api/client";
import { BarChart } from "../../../ui/chart";
import { Empty, Read } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useWords } from "../../../words/language";
import { type Asked, useReport } from "./shared";
import { reportWords } from "./words";

type Row = Schema<"appointments.AccessRow">;
type Window = Schema<"appointments.WindowRow">;
const hours = (minutes: number) => Math.round(minutes / 6) / 10;

/** How long one waits for a time, and how the opened time is used. */
export function AccessReport({ asked }: { readonly asked: Asked }) {
  const words = useWords(reportWords);
  const report = useReport("access", asked, () =>
    body(api.GET("/api/appointments/v1/reports/access", { params: { query: asked } })),
  );
  const share = (value: number | null | undefined) => (value == null ? "–" : words.percent(value));
  return (
    <Read of={report}>
      {({ rows, windows }) =>
        rows.length + windows.length === 0 ? (
          <Empty>{words.nothing}</Empty>
        ) : (
          <>
            <DataTable
              caption={words.accessTitle}
              rows={rows}
              keyOf={(row) => row.key + row.site_id}
              columns={[
                { id: "reason", head: words.groups.reason, cell: (row) => row.label },
                { id: "site", head: words.site, cell: (row) => row.site },
                ...(
                  [
                    [words.third, (row) => row.third_next_days ?? "–"],
                    [words.seen, (row) => row.seen ?? "–"],
                    [words.within, (row) => share(row.within_48h_share)],
                    [words.waiting, (row) => row.waiting ?? "–"],
                    [words.oldest, (row) => row.oldest_wait_days ?? "–"],
                  ] as readonly [string, (row: Row) => string | number][]
                ).map(([head, cell]) => ({
                  id: head,
                  head,
                  number: true,
                  cell: (row: Row) => (row.few ? words.few : cell(row)),
                })),
              ]}
            />
            <p className="small muted">{words.noThird}</p>
            <BarChart
              title={words.fillTitle}
              unit={words.hoursUnit}
              file={`temps-ouvert-${asked.from}-${asked.to}`}
              labelled={words.site}
              labels={windows.map((row: Window) => `${row.site}, ${row.label}`)}
              series={[
                { id: "opened", name: words.opened, values: windows.map((row) => hours(row.opened_minutes)) },
                { id: "used", name: words.used, values: windows.map((row) => hours(row.used_minutes)) },
              ]}
            />
          </>
        )
      }
    </Read>
  );
}
