import { api, body, type Schema } from "../../../api/client";
import { NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { only, optionsOf, type Values } from "../../../records/values";
import { useLanguage, useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { CATALOGUES, readCatalogues } from "./shared";
import { phoneWords } from "./words";

/** Motives, outcomes, pauses and destinations: the words that secretaries choose from. */
export default function Catalogues({ id }: ChapterProps) {
  const words = useWords(phoneWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const of =
    (...kinds: string[]) =>
    (values: Values) =>
      kinds.includes(String(values.kind));
  return (
    <NounScreen
      id={id}
      noun={{
        path: "catalogues",
        title: all.catalogues,
        add: words.addEntry,
        addTitle: words.newEntry,
        empty: words.noEntry,
        queryKey: CATALOGUES,
        read: readCatalogues,
        name: (row) => (language === "en" ? row.label_en : row.label_fr),
        inactive: (row) => !row.active,
        columns: [
          { id: "list", head: words.list, cell: (row) => words.lists[row.kind] },
          { id: "code", head: words.code, cell: (row) => <span className="mono">{row.code}</span> },
        ],
        groups: (row) => [
          {
            legend: words.identity,
            fields: [
              {
                kind: "choice",
                name: "kind",
                label: words.list,
                fixed: true,
                options: optionsOf(words.lists),
              },
              {
                kind: "text",
                name: "code",
                label: words.code,
                hint: words.codeHint,
                required: true,
                fixed: true,
              },
              { kind: "text", name: "label_fr", label: words.labelFr, required: true },
              { kind: "text", name: "label_en", label: words.labelEn, required: true },
              { kind: "yes", name: "active", label: words.active, when: () => row !== null },
            ],
          },
          {
            legend: words.facts,
            fields: [
              { kind: "number", name: "facts.max_s", label: words.maxPause, when: of("pause_reason") },
              { kind: "yes", name: "facts.red_flag", label: words.redFlag, when: of("motive") },
              { kind: "yes", name: "facts.resolves", label: words.resolves, when: of("outcome") },
              { kind: "tel", name: "facts.number", label: words.destination, when: of("destination") },
            ],
          },
        ],
        blank: { kind: "motive", code: "", label_fr: "", label_en: "", facts: {}, active: true },
        values: (row) => ({ ...row }),
        create: (values, key) =>
          body(
            api.POST("/api/telesecretariat/v1/catalogues", {
              body: only(values, "kind code label_fr label_en facts") as Schema<"telesecretariat.EntryIn">,
              headers: act(key),
            }),
          ),
        change: (row, values, key, version) =>
          body(
            api.PATCH("/api/telesecretariat/v1/catalogues/{entry_id}", {
              params: { path: { entry_id: row.id } },
              body: only(values, "label_fr label_en facts active") as Schema<"telesecretariat.EntryPatch">,
              headers: act(key, version),
            }),
          ),
      }}
    />
  );
}
