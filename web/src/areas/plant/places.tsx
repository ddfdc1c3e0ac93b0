import type { ChapterProps } from "../../records/chapters";
import { optionsOf } from "../../records/values";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { Collection, named, useAll, useLive } from "./collection";
import { plantWords } from "./words";

/** Rooms, stores and docks of a site; each has a code that is printed and scanned. */
export default function Places({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const sites = useAll("sites").data ?? [];
  const live = useLive("sites");
  const site = (of: string | null) => sites.find((row) => row.id === of)?.name ?? "";
  return (
    <Collection
      id={id}
      many="places"
      title={words.places}
      intro={words.placesIntro}
      add={words.addPlace}
      addTitle={words.newPlace}
      empty={words.noPlace}
      made="site_id name kind cleanliness code locked"
      changed="name locked"
      name={(row) => row.name}
      where={(row) => row.kind in words.placeKinds}
      columns={[
        { id: "site", head: words.site, cell: (row) => site(row.site_id) },
        {
          id: "kind",
          head: words.kind,
          cell: (row) => words.placeKinds[row.kind as keyof typeof words.placeKinds],
        },
        {
          id: "clean",
          head: words.cleanliness,
          cell: (row) => <Badge>{words.cleannesses[row.cleanliness]}</Badge>,
        },
        { id: "code", head: words.code, cell: (row) => <span className="mono">{row.code}</span> },
      ]}
      groups={() => [
        {
          legend: words.identity,
          fields: [
            { kind: "text", name: "name", label: words.name, required: true, max: 120 },
            {
              kind: "choice",
              name: "site_id",
              label: words.site,
              options: named(live),
              required: true,
              fixed: true,
            },
            {
              kind: "choice",
              name: "kind",
              label: words.kind,
              options: optionsOf(words.placeKinds),
              required: true,
              fixed: true,
            },
            {
              kind: "choice",
              name: "cleanliness",
              label: words.cleanliness,
              options: optionsOf(words.cleannesses),
              required: true,
              fixed: true,
            },
            {
              kind: "text",
              name: "code",
              label: words.code,
              hint: words.placeCodeHint,
              required: true,
              fixed: true,
              max: 64,
            },
            { kind: "yes", name: "locked", label: words.locked, hint: words.lockedHint },
          ],
        },
      ]}
      blank={{ name: "", site_id: null, kind: null, cleanliness: null, code: "", locked: false }}
    />
  );
}
