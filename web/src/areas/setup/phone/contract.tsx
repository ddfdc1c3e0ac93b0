import { api, body, type Schema } from "../../../api/client";
import { NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { only, optionsOf } from "../../../records/values";
import { useLanguage, useWords } from "../../../words/language";
import { dateOnly } from "../../../words/time";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { CLIENTS, readClients } from "./shared";
import { SupervisorPoints } from "./supervisor-points";
import { phoneWords } from "./words";

/** The contract between a centre and who answers for it: level of service, prices, how long things are kept. */
export default function Contract({ id }: ChapterProps) {
  const words = useWords(phoneWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const numbers = (under: string, named: Readonly<Record<string, string>>) =>
    optionsOf(named).map(({ value, label }) => ({
      kind: "number" as const,
      name: `${under}.${value}`,
      label,
      min: 0,
    }));
  return (
    <NounScreen
      id={id}
      noun={{
        path: "contract",
        title: all.contract,
        addTitle: all.contract,
        empty: words.noContract,
        queryKey: CLIENTS,
        read: readClients,
        name: (row) => row.name,
        columns: [
          { id: "since", head: words.validFrom, cell: (row) => dateOnly(row.valid_from, language) },
          { id: "goal", head: words.goal, number: true, cell: (row) => row.sl_goal },
          { id: "threshold", head: words.threshold, number: true, cell: (row) => row.sl_threshold_s },
        ],
        groups: () => [
          {
            legend: words.service,
            fields: [
              { kind: "text", name: "name", label: words.name, required: true },
              { kind: "number", name: "sl_threshold_s", label: words.threshold, min: 1 },
              { kind: "number", name: "sl_goal", label: words.goal, min: 0, max: 1, step: 0.01 },
              { kind: "number", name: "short_abandon_s", label: words.shortAbandon, min: 0 },
            ],
          },
          { legend: words.prices, folded: true, fields: numbers("prices", words.priceNames) },
          { legend: words.retention, folded: true, fields: numbers("retention", words.retentionNames) },
          {
            legend: words.declared,
            fields: [
              { kind: "yes", name: "monitoring_declared", label: words.monitoring },
              { kind: "yes", name: "recording_declared", label: words.recording },
            ],
          },
        ],
        blank: {},
        values: (row) => ({ ...row }),
        beside: (row) => <SupervisorPoints clientId={row.id} />,
        change: (row, values, key, version) =>
          body(
            api.PATCH("/api/telesecretariat/v1/clients/{client_id}", {
              params: { path: { client_id: row.id } },
              body: only(
                values,
                "name sl_threshold_s sl_goal short_abandon_s prices retention monitoring_declared recording_declared",
              ) as Schema<"telesecretariat.ClientPatch">,
              headers: act(key, version),
            }),
          ),
      }}
    />
  );
}
