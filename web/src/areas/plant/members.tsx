import type { ChapterProps } from "../../records/chapters";
import { Badge } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, today } from "../../words/time";
import { Collection } from "./collection";
import { plantWords } from "./words";

/** Hospitals of the group: each has delegated to it, and has a part of its votes. */
export default function Members({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const { language } = useLanguage();
  return (
    <Collection
      id={id}
      many="members"
      title={words.members}
      intro={words.membersIntro}
      add={words.addMember}
      addTitle={words.newMember}
      empty={words.noMember}
      made="id name finess joined_on rights"
      changed="name rights left_on"
      name={(row) => row.name}
      columns={[
        { id: "finess", head: words.finess, cell: (row) => <span className="mono">{row.finess}</span> },
        { id: "joined", head: words.joined, cell: (row) => dateOnly(row.joined_on, language) },
        {
          id: "left",
          head: words.left,
          cell: (row) => (row.left_on ? <Badge>{dateOnly(row.left_on, language)}</Badge> : ""),
        },
        { id: "rights", head: words.rights, number: true, cell: (row) => row.rights },
      ]}
      groups={(row) => [
        {
          legend: words.identity,
          fields: [
            { kind: "text", name: "name", label: words.name, required: true, max: 120 },
            {
              kind: "text",
              name: "id",
              label: words.organisation,
              hint: words.organisationHint,
              required: true,
              fixed: true,
            },
            { kind: "text", name: "finess", label: words.finess, required: true, fixed: true, max: 9 },
            { kind: "date", name: "joined_on", label: words.joined, required: true, fixed: true },
            { kind: "number", name: "rights", label: words.rights, hint: words.rightsHint, min: 0 },
            ...(row ? [{ kind: "date" as const, name: "left_on", label: words.left }] : []),
          ],
        },
      ]}
      blank={{ name: "", id: "", finess: "", joined_on: today(), rights: 0 }}
    />
  );
}
