import type { ChapterProps } from "../../records/chapters";
import { type Field, optionsOf } from "../../records/values";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { Collection, named, type Rows, useAll, useLive } from "./collection";
import { StationDevices } from "./station-devices";
import { plantWords } from "./words";

type Station = Rows["stations"];
/** The kinds of machine that a post works at. */
const FITTING: Partial<Record<Station["kind"], readonly Rows["machines"]["kind"][]>> = {
  washing: ["washer"],
  wash_unloading: ["washer"],
  packing: ["sealer"],
  loading: ["steam", "low_temperature"],
  unloading: ["steam", "low_temperature"],
};

/** Posts: what a scan there does. A post is offered to people once it has a scanner. */
export default function Stations({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const places = useAll("places").data ?? [];
  const sites = useAll("sites").data ?? [];
  const devices = useLive("devices");
  const machines = useLive("machines");
  const siteOf = (of: string | null) => sites.find((row) => row.id === of)?.name ?? "";
  const open = places.filter((row) => row.retired_at === null && row.site_id !== null);
  // One question for each kind of machine: only the one that fits the post is shown.
  const machine = (kinds: readonly string[]): Field => ({
    kind: "choice",
    name: "machine_id",
    label: words.machine,
    options: named(machines.filter((row) => kinds.includes(row.kind))),
    required: true,
    when: (values) => FITTING[values.kind as Station["kind"]]?.join() === kinds.join(),
  });
  return (
    <Collection
      id={id}
      many="stations"
      title={words.stations}
      intro={words.stationsIntro}
      add={words.addStation}
      addTitle={words.newStation}
      empty={words.noStation}
      stays
      made="place_id name kind machine_id"
      changed="name machine_id"
      name={(row) => row.name}
      sent={(values) => (FITTING[values.kind as Station["kind"]] ? values : { ...values, machine_id: null })}
      columns={[
        { id: "kind", head: words.verb, cell: (row) => words.stationKinds[row.kind] },
        { id: "site", head: words.site, cell: (row) => siteOf(row.site_id) },
        {
          id: "machine",
          head: words.machine,
          cell: (row) => machines.find((each) => each.id === row.machine_id)?.name ?? "",
        },
        {
          id: "device",
          head: words.device,
          cell: (row) => {
            const found = devices.filter((each) => each.station_id === row.id);
            if (found.length > 0) return found.map((each) => each.name).join(", ");
            return row.retired_at ? "" : <Badge state="warn">{words.noDeviceShort}</Badge>;
          },
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
              label: words.verb,
              options: optionsOf(words.stationKinds),
              required: true,
              fixed: true,
            },
            {
              kind: "choice",
              name: "place_id",
              label: words.place,
              options: open
                .map((row) => ({ value: row.id, label: `${row.name}, ${siteOf(row.site_id)}` }))
                .toSorted((one, other) => one.label.localeCompare(other.label)),
              required: true,
              fixed: true,
            },
            machine(["washer"]),
            machine(["sealer"]),
            machine(["steam", "low_temperature"]),
          ],
        },
      ]}
      blank={{ name: "", kind: null, place_id: null, machine_id: null }}
      beside={(row) => <StationDevices station={row} />}
    />
  );
}
