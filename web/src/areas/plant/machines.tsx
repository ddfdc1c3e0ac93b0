import type { ChapterProps } from "../../records/chapters";
import { optionsOf } from "../../records/values";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { Collection, named, useAll, useLive } from "./collection";
import { plantWords } from "./words";

const STATES = { in_service: "ok", maintenance: "warn", out_of_service: "danger" } as const;

/** Washers, sterilisers, sealers. Their state and tests are acts of those who stand at them. */
export default function Machines({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const sites = useAll("sites").data ?? [];
  const plants = useLive("sites").filter((row) => row.kind === "plant");
  return (
    <Collection
      id={id}
      many="machines"
      title={words.machines}
      intro={words.machinesIntro}
      add={words.addMachine}
      addTitle={words.newMachine}
      empty={words.noMachine}
      made="site_id name kind capacity"
      changed="name capacity"
      name={(row) => row.name}
      columns={[
        {
          id: "state",
          head: words.state,
          cell: (row) => <Badge state={STATES[row.state]}>{words.machineStates[row.state]}</Badge>,
        },
        { id: "kind", head: words.kind, cell: (row) => words.machineKinds[row.kind] },
        { id: "capacity", head: words.capacity, number: true, cell: (row) => row.capacity },
        {
          id: "site",
          head: words.site,
          cell: (row) => sites.find((each) => each.id === row.site_id)?.name ?? "",
        },
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
              options: optionsOf(words.machineKinds),
              required: true,
              fixed: true,
            },
            {
              kind: "choice",
              name: "site_id",
              label: words.site,
              options: named(plants),
              required: true,
              fixed: true,
            },
            {
              kind: "number",
              name: "capacity",
              label: words.capacity,
              hint: words.capacityHint,
              required: true,
              min: 1,
              max: 200,
            },
          ],
        },
      ]}
      blank={{ name: "", kind: null, site_id: plants[0]?.id ?? null, capacity: 12 }}
    />
  );
}
