import type { Schema } from "../../api/client";
import type { ChapterProps } from "../../records/chapters";
import { SmallRows } from "../../records/rows";
import type { Values } from "../../records/values";
import { Check, TextField } from "../../ui/field";
import { useWords } from "../../words/language";
import { duration } from "../../words/time";
import { Collection, named, type Rows, useAll, useLive } from "./collection";
import { type PlantWords, plantWords } from "./words";

type Departure = Schema<"cooperation.Departure-Input">;
const KILOMETRE = 1000;
const MINUTE = 60;

/** How far one site is from another, and when vehicles leave: promises count on it. */
export default function Roads({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const sites = useAll("sites").data ?? [];
  const live = useLive("sites");
  const site = (of: string) => sites.find((row) => row.id === of)?.name ?? "";
  return (
    <Collection
      id={id}
      many="road_links"
      path="roads"
      title={words.roads}
      intro={words.roadsIntro}
      add={words.addRoad}
      addTitle={words.newRoad}
      empty={words.noRoad}
      made="from_site_id to_site_id metres seconds method departures"
      changed="metres seconds method departures"
      name={(row) => words.roadOf(site(row.from_site_id), site(row.to_site_id))}
      values={(row) => ({ ...row, ...shown(row) })}
      sent={(values) => ({
        ...values,
        metres: Math.round(Number(values.kilometres) * KILOMETRE),
        seconds: Math.round(Number(values.minutes) * MINUTE),
      })}
      columns={[
        { id: "time", head: words.duration, number: true, cell: (row) => duration(row.seconds) },
        {
          id: "far",
          head: words.distance,
          number: true,
          cell: (row) => words.kilometresOf(row.metres / KILOMETRE),
        },
        { id: "departures", head: words.departures, cell: (row) => departuresOf(words, row.departures) },
      ]}
      groups={() => [
        {
          legend: words.way,
          fields: [
            {
              kind: "choice",
              name: "from_site_id",
              label: words.fromSite,
              options: named(live),
              required: true,
              fixed: true,
            },
            {
              kind: "choice",
              name: "to_site_id",
              label: words.toSite,
              options: named(live),
              required: true,
              fixed: true,
            },
            {
              kind: "number",
              name: "kilometres",
              label: words.distanceKm,
              min: 0,
              step: 0.1,
              required: true,
            },
            { kind: "number", name: "minutes", label: words.durationMin, min: 0, required: true },
            {
              kind: "text",
              name: "method",
              label: words.method,
              hint: words.methodHint,
              required: true,
              max: 120,
            },
            {
              kind: "own",
              name: "departures",
              label: words.departures,
              say: (value) => departuresOf(words, (value ?? []) as Departure[]),
              edit: ({ value, change }) => (
                <Departures rows={(value ?? []) as Departure[]} onChange={change} />
              ),
            },
          ],
        },
      ]}
      blank={{
        from_site_id: null,
        to_site_id: null,
        kilometres: null,
        minutes: null,
        method: "",
        departures: [],
      }}
    />
  );
}

const shown = (row: Rows["road_links"]): Values => ({
  kilometres: row.metres / KILOMETRE,
  minutes: Math.round(row.seconds / MINUTE),
  departures: row.departures.map((each) => ({ ...each, at: each.at.slice(0, 5) })),
});

const departuresOf = (words: PlantWords, rows: readonly Departure[]) =>
  rows.map((each) => words.departureOf(each.days, each.at.slice(0, 5))).join(" · ");

function Departures({
  rows,
  onChange,
}: {
  readonly rows: readonly Departure[];
  readonly onChange: (rows: readonly Departure[]) => void;
}) {
  const words = useWords(plantWords);
  return (
    <SmallRows<Departure>
      legend={words.departures}
      hint={words.departuresHint}
      rows={rows}
      add={words.addDeparture}
      blank={{ days: [1, 2, 3, 4, 5], at: "07:00" }}
      onChange={onChange}
      edit={(row, change, place) => (
        <>
          <TextField
            type="time"
            label={words.leavesAt}
            value={row.at}
            onChange={(event) => change({ at: event.target.value })}
          />
          <fieldset className="field">
            <legend>{words.daysOf(place + 1)}</legend>
            <div className="plant-days">
              {words.weekdays.map((name, at) => (
                <Check
                  key={name}
                  label={name}
                  checked={row.days.includes(at + 1)}
                  onChange={(event) =>
                    change({
                      days: [1, 2, 3, 4, 5, 6, 7].filter((day) =>
                        day === at + 1 ? event.target.checked : row.days.includes(day),
                      ),
                    })
                  }
                />
              ))}
            </div>
          </fieldset>
        </>
      )}
    />
  );
}
