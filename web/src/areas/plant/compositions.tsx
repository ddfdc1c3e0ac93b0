import { Link } from "wouter";
import type { ChapterProps } from "../../records/chapters";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { Collection } from "./collection";
import { useOwners } from "./owners";
import { plantWords } from "./words";

/** Compositions by owner; what is in them is drafted, compared and adopted in the catalogue. */
export default function Compositions({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const owners = useOwners();
  return (
    <Collection
      id={id}
      many="compositions"
      title={words.compositions}
      intro={words.compositionsIntro}
      add={words.addComposition}
      addTitle={words.newComposition}
      empty={words.noComposition}
      stays
      made="owner_id code name"
      changed="name"
      name={(row) => row.name}
      values={(row) => ({ ...row, owner_id: row.organisation_id })}
      columns={[
        {
          id: "adopted",
          head: words.state,
          cell: (row) =>
            row.adopted_version_id ? (
              <Badge state="ok">{words.adopted}</Badge>
            ) : (
              <Badge state="warn">{words.notAdopted}</Badge>
            ),
        },
        { id: "code", head: words.code, cell: (row) => <span className="mono">{row.code}</span> },
        { id: "owner", head: words.owner, cell: (row) => owners.name(row.organisation_id) },
      ]}
      groups={() => [
        {
          legend: words.identity,
          fields: [
            { kind: "text", name: "name", label: words.name, required: true, max: 120 },
            {
              kind: "text",
              name: "code",
              label: words.code,
              hint: words.compositionCodeHint,
              required: true,
              fixed: true,
              max: 40,
            },
            {
              kind: "choice",
              name: "owner_id",
              label: words.owner,
              none: words.theGroup,
              options: owners.options,
              fixed: true,
            },
          ],
        },
      ]}
      blank={{ name: "", code: "", owner_id: null }}
      beside={(row) => (
        <p>
          <Link className="button" href={`/sets/catalogue/${row.id}`}>
            {row.adopted_version_id ? words.openVersions : words.draftVersion}
          </Link>
        </p>
      )}
    />
  );
}
