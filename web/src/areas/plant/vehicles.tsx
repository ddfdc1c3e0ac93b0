import type { ChapterProps } from "../../records/chapters";
import { optionsOf } from "../../records/values";
import { useWords } from "../../words/language";
import { Below } from "./below";
import { Collection, useLive } from "./collection";
import { plantWords } from "./words";

/** Vehicles and their compartments: clean and dirty never travel in one. */
export default function Vehicles({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const compartments = useLive("compartments");
  return (
    <Collection
      id={id}
      many="vehicles"
      title={words.vehicles}
      intro={words.vehiclesIntro}
      add={words.addVehicle}
      addTitle={words.newVehicle}
      empty={words.noVehicle}
      stays
      made="name plate"
      changed="name plate"
      sent={(values) => ({
        ...values,
        plate: values.plate ? String(values.plate).toUpperCase().replaceAll(" ", "-") : null,
      })}
      name={(row) => row.name}
      columns={[
        { id: "plate", head: words.plate, cell: (row) => <span className="mono">{row.plate ?? ""}</span> },
        {
          id: "compartments",
          head: words.compartments,
          cell: (row) =>
            compartments
              .filter((each) => each.vehicle_id === row.id)
              .map((each) => words.compartmentOf(each.name, each.capacity))
              .join(", "),
        },
      ]}
      groups={() => [
        {
          legend: words.identity,
          fields: [
            { kind: "text", name: "name", label: words.name, required: true, max: 120 },
            { kind: "text", name: "plate", label: words.plate, max: 12 },
          ],
        },
      ]}
      blank={{ name: "", plate: null }}
      beside={(row) => (
        <Below
          key={row.id}
          many="compartments"
          of="vehicle_id"
          above={row.id}
          title={words.compartments}
          add={words.addCompartment}
          empty={words.noCompartment}
          name={(each) => each.name}
          say={(each) => `${words.compartmentKinds[each.cleanliness]}, ${words.crateCount(each.capacity)}`}
          groups={[
            {
              legend: words.identity,
              fields: [
                { kind: "text", name: "name", label: words.name, required: true, max: 120 },
                {
                  kind: "choice",
                  name: "cleanliness",
                  label: words.cleanliness,
                  options: optionsOf(words.compartmentKinds),
                  required: true,
                  fixed: true,
                },
                {
                  kind: "number",
                  name: "capacity",
                  label: words.crateCapacity,
                  required: true,
                  min: 1,
                  max: 500,
                },
              ],
            },
          ]}
          blank={{ name: "", cleanliness: null, capacity: 10 }}
          made="name cleanliness capacity"
          changed="name capacity"
        />
      )}
    />
  );
}
