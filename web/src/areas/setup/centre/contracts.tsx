import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../../api/client";
import { act, everyPage, pageOf, useList } from "../../../records/read";
import { RecordForm } from "../../../records/record";
import { type Group, only, optionsOf, type Values } from "../../../records/values";
import { Button } from "../../../ui/button";
import { Empty, Read } from "../../../ui/state";
import { useLanguage, useWords } from "../../../words/language";
import { dateOnly, today } from "../../../words/time";
import { centreWords } from "./words";

type Contract = Schema<"appointments.ContractOut">;
type ContractIn = Schema<"appointments.ContractIn">;
const HOUR = 60;

/** What hours a practitioner owes, and from when: what planned hours are compared with. */
export function Contracts({ practitionerId }: { readonly practitionerId: string }) {
  const words = useWords(centreWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const queryKey = ["appointments", "contracts", practitionerId];
  const read = () =>
    everyPage<Contract>((cursor) =>
      body(
        api.GET("/api/appointments/v1/contracts", {
          params: { query: { practitioner: practitionerId, ...pageOf(cursor) } },
        }),
      ),
    );
  const list = useList(queryKey, read);
  return (
    <section className="stack">
      <h3>{words.contract}</h3>
      <Read of={list} lines={2}>
        {(rows) => (
          <>
            {rows.length === 0 && open === null ? <Empty>{words.noContract}</Empty> : null}
            <ul className="stack">
              {rows.map((row) =>
                open === row.id ? null : (
                  <li key={row.id} className="row spread">
                    <span>
                      {words.hoursOf(row.weekly_minutes / HOUR)},{" "}
                      {words.packs[row.rule_pack as "territorial"]}, {dateOnly(row.first_day, language)}
                      {row.last_day ? ` - ${dateOnly(row.last_day, language)}` : ""}
                    </span>
                    <Button onClick={() => setOpen(row.id)}>{words.changeContract}</Button>
                  </li>
                ),
              )}
            </ul>
            {open !== null ? (
              <RecordForm<Contract>
                key={open}
                name={`contract/${practitionerId}`}
                title={open === "new" ? words.addContract : words.changeContract}
                groups={groupsOf(words)}
                row={rows.find((row) => row.id === open) ?? null}
                values={(row) => ({ ...row, weekly_hours: row.weekly_minutes / HOUR })}
                blank={{ weekly_hours: 35, rule_pack: "territorial", first_day: today(), last_day: null }}
                saveLabel={words.saveContract}
                save={(values, key, version) => save(practitionerId, open, values, key, version)}
                again={async (id) => (await read()).find((row) => row.id === id)}
                onSaved={async () => {
                  await client.invalidateQueries({ queryKey });
                  setOpen(null);
                }}
                onClose={() => setOpen(null)}
              />
            ) : (
              <div>
                <Button onClick={() => setOpen("new")}>{words.addContract}</Button>
              </div>
            )}
          </>
        )}
      </Read>
    </section>
  );
}

function groupsOf(words: (typeof centreWords)["fr"]): Group[] {
  return [
    {
      legend: words.contract,
      fields: [
        { kind: "number", name: "weekly_hours", label: words.weekly, min: 0, max: 48, step: 0.5 },
        { kind: "choice", name: "rule_pack", label: words.pack, options: optionsOf(words.packs) },
        { kind: "date", name: "first_day", label: words.since, required: true },
        { kind: "date", name: "last_day", label: words.until },
      ],
    },
  ];
}

function save(practitioner_id: string, id: string, values: Values, key: string, version: number | undefined) {
  const sent = {
    ...only(values, "rule_pack first_day last_day"),
    practitioner_id,
    weekly_minutes: Math.round(Number(values.weekly_hours) * HOUR),
  } as ContractIn;
  if (id === "new")
    return body(api.POST("/api/appointments/v1/contracts", { body: sent, headers: act(key) }));
  return body(
    api.PUT("/api/appointments/v1/contracts/{contract_id}", {
      params: { path: { contract_id: id } },
      body: sent,
      headers: act(key, version),
    }),
  );
}
