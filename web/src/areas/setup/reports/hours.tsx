import { useState } from "react";
import { api, body, type Schema } from "../../../api/client";
import { BarChart } from "../../../ui/chart";
import { Badge, Empty, Read } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useLanguage, useWords } from "../../../words/language";
import { shortDay } from "../../../words/time";
import type { Period } from "./period";
import { By, useReport } from "./shared";
import { reportWords } from "./words";

type Row = Schema<"appointments.HoursRow">;
const GROUPS = ["week", "month"] as const;
const hours = (minutes: number) => Math.round(minutes / 6) / 10;

/** Hours planned and worked against each contract; a rule of working time that breaks is red. */
export function HoursReport({ asked }: { readonly asked: Period }) {
  const words = useWords(reportWords);
  const { language } = useLanguage();
  const [group, setGroup] = useState<(typeof GROUPS)[number]>("week");
  const report = useReport("contract-hours", { ...asked, group }, async () => {
    const query = { ...asked, group };
    return (await body(api.GET("/api/appointments/v1/reports/contract-hours", { params: { query } }))).rows;
  });
  const minutes = (value: number | null) => (value === null ? "–" : words.minutes(value));
  return (
    <>
      <By groups={GROUPS} value={group} onChange={setGroup} />
      <Read of={report}>
        {(rows) => {
          if (rows.length === 0) return <Empty>{words.nothing}</Empty>;
          const totals = totalsOf(rows);
          return (
            <>
              <BarChart
                title={words.hoursTitle}
                unit={words.hoursUnit}
                file={`heures-${asked.from}-${asked.to}`}
                labelled={words.practitioner}
                labels={totals.map((each) => each.name)}
                series={[
                  { id: "planned", name: words.planned, values: totals.map((each) => hours(each.planned)) },
                  {
                    id: "contract",
                    name: words.contract,
                    values: totals.map((each) => (each.contract === null ? null : hours(each.contract))),
                  },
                ]}
              />
              <DataTable
                caption={words.hoursTitle}
                captionHidden
                rows={rows}
                keyOf={(row) => row.practitioner_id + row.first_day}
                columns={[
                  { id: "who", head: words.practitioner, cell: (row) => row.practitioner },
                  { id: "when", head: words.groups[group], cell: (row) => shortDay(row.first_day, language) },
                  {
                    id: "planned",
                    head: words.planned,
                    number: true,
                    cell: (row) => minutes(row.planned_minutes),
                  },
                  {
                    id: "contract",
                    head: words.contract,
                    number: true,
                    cell: (row) => minutes(row.contract_minutes),
                  },
                  {
                    id: "difference",
                    head: words.difference,
                    number: true,
                    cell: (row) => minutes(row.difference_minutes),
                  },
                  {
                    id: "worked",
                    head: words.worked,
                    number: true,
                    cell: (row) => minutes(row.worked_minutes),
                  },
                  {
                    id: "absent",
                    head: words.absent,
                    number: true,
                    cell: (row) => minutes(row.absent_minutes),
                  },
                  { id: "duty", head: words.duty, number: true, cell: (row) => minutes(row.duty_minutes) },
                  { id: "rules", head: words.rules, cell: (row) => <Broken row={row} /> },
                ]}
              />
            </>
          );
        }}
      </Read>
    </>
  );
}

function Broken({ row }: { readonly row: Row }) {
  const words = useWords(reportWords);
  const { language } = useLanguage();
  if (row.breaches.length === 0) return <Badge state="ok">{words.noBreach}</Badge>;
  return (
    <details>
      <summary>
        <Badge state="danger">{words.breaches(row.breaches.length)}</Badge>
      </summary>
      <ul className="small">
        {row.breaches.map((each) => (
          <li key={each.rule + each.local_date}>
            {shortDay(each.local_date, language)} : {words.worktime[each.rule]}
            {each.overridden ? ` (${words.allowed}${each.reason ? `, ${each.reason}` : ""})` : ""}
          </li>
        ))}
      </ul>
    </details>
  );
}

function totalsOf(rows: readonly Row[]) {
  const found = new Map<string, { name: string; planned: number; contract: number | null }>();
  for (const row of rows) {
    const before = found.get(row.practitioner_id) ?? { name: row.practitioner, planned: 0, contract: null };
    found.set(row.practitioner_id, {
      ...before,
      planned: before.planned + row.planned_minutes,
      contract:
        row.contract_minutes === null ? before.contract : (before.contract ?? 0) + row.contract_minutes,
    });
  }
  return [...found.values()];
}
