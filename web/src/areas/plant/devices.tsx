import type { ChapterProps } from "../../records/chapters";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { duration } from "../../words/time";
import { Collection, useAll, useLive } from "./collection";
import { deviceFields, newDevice } from "./device-fields";
import { stationName } from "./station-name";
import { plantWords } from "./words";

const WRONG_MS = 60_000;
const SECOND = 1000;

/** Scanners: each is at one station; what it sends is numbered. */
export default function Devices({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const stations = useAll("stations").data ?? [];
  const live = useLive("stations");
  return (
    <Collection
      id={id}
      many="devices"
      title={words.devices}
      intro={words.devicesIntro}
      add={words.addDevice}
      addTitle={words.newDevice}
      empty={words.noDevice}
      made="id name station_id"
      changed="name station_id"
      sent={newDevice}
      name={(row) => row.name}
      columns={[
        {
          id: "station",
          head: words.station,
          cell: (row) => {
            const station = stations.find((each) => each.id === row.station_id);
            return station ? stationName(words, station) : "";
          },
        },
        { id: "scans", head: words.scansSent, number: true, cell: (row) => row.last_seq },
        {
          id: "clock",
          head: words.clock,
          cell: (row) =>
            Math.abs(row.clock_offset_ms) > WRONG_MS ? (
              <Badge state="warn">{words.clockOff(duration(Math.abs(row.clock_offset_ms) / SECOND))}</Badge>
            ) : (
              words.clockRight
            ),
        },
      ]}
      groups={() => [
        {
          legend: words.identity,
          fields: [
            ...deviceFields(words),
            {
              kind: "choice",
              name: "station_id",
              label: words.station,
              options: live.map((row) => ({ value: row.id, label: stationName(words, row) })),
              required: true,
            },
          ],
        },
      ]}
      blank={{ name: "", id: null, station_id: null }}
    />
  );
}
