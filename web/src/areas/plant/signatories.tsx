import { api, body } from "../../api/client";
import type { ChapterProps } from "../../records/chapters";
import { useList } from "../../records/read";
import { Badge } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { addDays, dateOnly, dayOf, instantAt, now, today } from "../../words/time";
import { Collection, named, type Rows, useLive } from "./collection";
import { plantWords } from "./words";

/** Who releases loads of which machines, from when to when, by which decision. */
export default function Signatories({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const { language } = useLanguage();
  const people = usePeople();
  const machines = useLive("machines").filter((row) => row.kind !== "sealer");
  const name = (person: string) => people.find((row) => row.id === person)?.name ?? words.formerPerson;
  return (
    <Collection
      id={id}
      many="signatories"
      title={words.signatories}
      intro={words.signatoriesIntro}
      add={words.addSignatory}
      addTitle={words.newSignatory}
      empty={words.noSignatory}
      made="person_id machine_ids document_ref delegated_by valid_from valid_to"
      changed="machine_ids valid_to"
      name={(row) => name(row.person_id)}
      values={(row) => ({
        ...row,
        first_day: dayOf(row.valid_from),
        last_day: row.valid_to ? dayOf(row.valid_to) : null,
      })}
      sent={(values) => ({
        ...values,
        valid_from: startOf(String(values.first_day ?? today())),
        valid_to: values.last_day ? instantAt(addDays(String(values.last_day), 1), "00:00") : null,
      })}
      columns={[
        { id: "validity", head: words.validity, cell: (row) => <Validity row={row} /> },
        {
          id: "machines",
          head: words.machines,
          cell: (row) =>
            machines
              .filter((each) => row.machine_ids.includes(each.id))
              .map((each) => each.name)
              .join(", "),
        },
        { id: "since", head: words.validFrom, cell: (row) => dateOnly(row.valid_from, language) },
        { id: "document", head: words.document, cell: (row) => row.document_ref },
      ]}
      groups={() => [
        {
          legend: words.identity,
          fields: [
            {
              kind: "choice",
              name: "person_id",
              label: words.person,
              hint: words.personHint,
              options: named(people),
              required: true,
              fixed: true,
            },
            {
              kind: "text",
              name: "document_ref",
              label: words.document,
              hint: words.documentHint,
              required: true,
              fixed: true,
              max: 120,
            },
            { kind: "date", name: "first_day", label: words.validFrom, required: true, fixed: true },
            { kind: "date", name: "last_day", label: words.lastDay, hint: words.lastDayHint },
            {
              kind: "choice",
              name: "delegated_by",
              label: words.delegatedBy,
              none: words.noDelegation,
              options: named(people),
              fixed: true,
            },
            { kind: "set", name: "machine_ids", label: words.machinesSigned, options: named(machines) },
          ],
        },
      ]}
      blank={{
        person_id: null,
        document_ref: "",
        first_day: today(),
        last_day: null,
        delegated_by: null,
        machine_ids: [],
      }}
    />
  );
}

/** From today means from now: nobody has signed before it was written down. */
const startOf = (day: string) => (day === today() ? now().toISOString() : instantAt(day, "00:00"));

function usePeople() {
  const read = async () => (await body(api.GET("/api/cooperation/v1/releasers"))).items;
  return useList(["cooperation", "releasers"], read).data ?? [];
}

function Validity({ row }: { readonly row: Rows["signatories"] }) {
  const words = useWords(plantWords);
  const at = now().getTime();
  if (row.valid_to && Date.parse(row.valid_to) <= at) return <Badge>{words.over}</Badge>;
  if (Date.parse(row.valid_from) > at) return <Badge state="info">{words.toCome}</Badge>;
  return <Badge state="ok">{words.valid}</Badge>;
}
