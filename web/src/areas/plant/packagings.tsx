import type { ChapterProps } from "../../records/chapters";
import { optionsOf } from "../../records/values";
import { useWords } from "../../words/language";
import { Collection } from "./collection";
import { plantWords } from "./words";

/** What sets are packed in, and how long it keeps them sterile. */
export default function Packagings({ id }: ChapterProps) {
  const words = useWords(plantWords);
  return (
    <Collection
      id={id}
      many="packagings"
      title={words.packagings}
      add={words.addPackaging}
      addTitle={words.newPackaging}
      empty={words.noPackaging}
      made="name kind shelf_days sealed"
      changed="name shelf_days"
      name={(row) => row.name}
      columns={[
        { id: "kind", head: words.kind, cell: (row) => words.packagingKinds[row.kind] },
        { id: "shelf", head: words.shelfDays, number: true, cell: (row) => row.shelf_days },
        { id: "sealed", head: words.sealed, cell: (row) => (row.sealed ? words.yes : words.no) },
      ]}
      groups={() => [
        {
          legend: words.identity,
          fields: [
            { kind: "text", name: "name", label: words.name, required: true, max: 120 },
            {
              kind: "choice",
              name: "kind",
              label: words.kind,
              options: optionsOf(words.packagingKinds),
              required: true,
              fixed: true,
            },
            {
              kind: "number",
              name: "shelf_days",
              label: words.shelfDays,
              hint: words.shelfHint,
              required: true,
              min: 1,
              max: 1825,
            },
            { kind: "yes", name: "sealed", label: words.sealed, hint: words.sealedHint, fixed: true },
          ],
        },
      ]}
      blank={{ name: "", kind: null, shelf_days: 180, sealed: false }}
    />
  );
}
