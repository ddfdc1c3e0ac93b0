import type { ChapterProps } from "../../records/chapters";
import { optionsOf } from "../../records/values";
import { useWords } from "../../words/language";
import { Collection } from "./collection";
import { useOwners } from "./owners";
import { plantWords } from "./words";

/** Plants, hospitals, carriers and providers: where places and machines are. */
export default function Sites({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const owners = useOwners();
  return (
    <Collection
      id={id}
      many="sites"
      title={words.sites}
      intro={words.sitesIntro}
      add={words.addSite}
      addTitle={words.newSite}
      empty={words.noSite}
      made="name kind gln owner_id"
      changed="name gln"
      name={(row) => row.name}
      values={(row) => ({ ...row, owner_id: row.organisation_id })}
      columns={[
        { id: "kind", head: words.kind, cell: (row) => words.siteKinds[row.kind] },
        { id: "owner", head: words.owner, cell: (row) => owners.name(row.organisation_id) },
        { id: "gln", head: words.gln, cell: (row) => <span className="mono">{row.gln ?? ""}</span> },
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
              options: optionsOf(words.siteKinds),
              required: true,
              fixed: true,
            },
            {
              kind: "choice",
              name: "owner_id",
              label: words.owner,
              none: words.theGroup,
              options: owners.options,
              fixed: true,
            },
            { kind: "text", name: "gln", label: words.gln, hint: words.glnHint, max: 13 },
          ],
        },
      ]}
      blank={{ name: "", kind: "hospital", owner_id: null, gln: null }}
    />
  );
}
