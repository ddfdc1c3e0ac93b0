import { api, body, type Schema } from "../../../api/client";
import { NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { only, type Values } from "../../../records/values";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { PLACES, readPlaces } from "./shared";
import { centreWords } from "./words";

type PlaceIn = Schema<"appointments.PlaceIn">;

/** Care homes and other addresses of visits. */
export default function Places({ id }: ChapterProps) {
  const words = useWords(centreWords);
  const all = useWords(setupWords);
  return (
    <NounScreen
      id={id}
      noun={{
        path: "places",
        title: all.places,
        intro: words.placesIntro,
        add: words.addPlace,
        addTitle: words.newPlace,
        empty: words.noPlace,
        queryKey: PLACES,
        read: readPlaces,
        name: (row) => row.name,
        inactive: (row) => !row.active,
        columns: [
          { id: "city", head: words.city, cell: (row) => row.city },
          { id: "phone", head: words.phone, cell: (row) => row.phone ?? "" },
        ],
        groups: () => [
          {
            legend: words.identity,
            fields: [
              { kind: "text", name: "name", label: words.name, required: true },
              { kind: "text", name: "address_line", label: words.line },
              { kind: "text", name: "postal_code", label: words.postal },
              { kind: "text", name: "city", label: words.city, required: true },
              { kind: "tel", name: "phone", label: words.phone },
              { kind: "text", name: "finess", label: words.finess },
              { kind: "yes", name: "active", label: words.active },
            ],
          },
        ],
        blank: { name: "", city: "", active: true },
        values: (row) => ({ ...row }),
        create: (values, key) =>
          body(api.POST("/api/appointments/v1/places", { body: placeIn(values), headers: act(key) })),
        change: (row, values, key, version) =>
          body(
            api.PUT("/api/appointments/v1/places/{place_id}", {
              params: { path: { place_id: row.id } },
              body: placeIn(values),
              headers: act(key, version),
            }),
          ),
      }}
    />
  );
}

const placeIn = (values: Values) =>
  only(values, "name address_line postal_code city phone finess active") as PlaceIn;
