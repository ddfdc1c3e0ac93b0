import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import {
  type Compartment,
  type CrateRow,
  useCompartments,
  useCrates,
  useStanding,
} from "../../cooperation/moves";
import { usePlaces, useSites } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import type { Tour } from "./expected";
import { CrateList, ScanField, useScanning } from "./scanning";
import { transportWords } from "./words";

/** The vehicle's compartments, and the places of the plant that it leaves from. */
export function useFleet(tour: Tour) {
  const { data: compartments = [] } = useCompartments();
  const { data: places = [] } = usePlaces();
  const { data: sites = [] } = useSites();
  const own = compartments.filter((each) => each.vehicle_id === tour.vehicle_id && !each.retired_at);
  const organisation = own[0]?.organisation_id;
  const home = sites.find((site) => site.organisation_id === organisation)?.id;
  return { compartments: own, places: places.filter((place) => place.site_id === home && !place.retired_at) };
}

/** The compartment that a crate rides in by its cleanliness. */
export function compartmentFor(
  crate: CrateRow,
  compartments: readonly Compartment[],
): Compartment | undefined {
  const side = crate.dirty_since || crate.load_state === "dirty" ? "dirty" : "clean";
  return (
    compartments.find((each) => each.cleanliness === side) ??
    compartments.find((each) => each.cleanliness === "both")
  );
}

export function useCratesOf(ids: readonly string[]): readonly CrateRow[] {
  const { data: crates = [] } = useCrates();
  return crates.filter((crate) => ids.includes(crate.id)).sort((a, b) => a.tag.localeCompare(b.tag));
}

function useMoved() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["cooperation", "moves"] });
}

/** At the plant's dock: sealed crates that go to this tour's sites, read one by one into the vehicle. */
export function Load({ tour }: { readonly tour: Tour }) {
  const words = useWords(transportWords);
  const { compartments, places } = useFleet(tour);
  const docks = places.filter((place) => place.kind === "dock").map((place) => place.id);
  const standing = useStanding(docks);
  const sites = new Set(tour.stops.map((stop) => stop.site_id));
  const here = useCratesOf(Object.values(standing.data ?? {}).flat());
  const scanning = useScanning([{ crates: here, sealed: false }]);
  const moved = useMoved();
  const read = scanning.ticks[0]?.read ?? {};
  const chosen = here.filter((crate) => crate.id in read);
  // An empty crate on its way back is nobody's destination: it is listed once it was read.
  const crates = here.filter(
    ({ id, seal, destination_id: to }) => id in read || (seal && to !== null && sites.has(to)),
  );
  const load = useCommand(
    async (_: undefined, key) => {
      for (const compartment of compartments) {
        const riding = chosen.filter((crate) => compartmentFor(crate, compartments)?.id === compartment.id);
        if (riding.length === 0) continue;
        await body(
          api.POST("/api/cooperation/v1/compartments/{compartment_id}/load", {
            params: { path: { compartment_id: compartment.id } },
            body: { crates: riding.map((crate) => crate.id) },
            headers: { "Idempotency-Key": `${key}-${compartment.cleanliness}` },
          }),
        );
      }
    },
    () => {
      scanning.clear(0);
      void moved();
    },
  );
  return (
    <section className="stack">
      <h2>{words.loadTitle}</h2>
      {crates.length === 0 ? <p>{words.nothingToLoad}</p> : null}
      {here.length > 0 ? <ScanField scanning={scanning} /> : null}
      {crates.length > 0 ? (
        <>
          <CrateList group={0} scanning={scanning} crates={crates} />
          <RefusalStrip refusal={load.refusal} />
          <Button
            kind="primary"
            className="transport-big"
            busy={load.pending}
            blocked={chosen.length === 0 ? words.scanFirst : undefined}
            onClick={() => void load.run(undefined)}
          >
            {words.load(chosen.length)}
          </Button>
        </>
      ) : null}
    </section>
  );
}

/** Back at the plant: crates read out of the vehicle, down at the place that fits them. */
export function Unload({ tour }: { readonly tour: Tour }) {
  const words = useWords(transportWords);
  const { compartments, places } = useFleet(tour);
  const standing = useStanding(compartments.map((each) => each.id));
  const moved = useMoved();
  const [chosenPlace, choosePlace] = useState<string | null>(null);
  const crates = useCratesOf(Object.values(standing.data ?? {}).flat());
  const scanning = useScanning([{ crates, sealed: false }]);
  const chosen = crates.filter((crate) => scanning.ticks[0] && crate.id in scanning.ticks[0].read);
  const soiled = crates.some((crate) => crate.dirty_since);
  const fits = places.filter((place) => ["dock", "reception", "quarantine"].includes(place.kind));
  const at = chosenPlace ?? fits.find((each) => each.kind === (soiled ? "reception" : "dock"))?.id ?? "";
  const unload = useCommand(
    async (_: undefined, key) => {
      for (const compartment of compartments) {
        const inside = standing.data?.[compartment.id] ?? [];
        const down = chosen.filter((crate) => inside.includes(crate.id));
        if (down.length === 0) continue;
        await body(
          api.POST("/api/cooperation/v1/compartments/{compartment_id}/unload", {
            params: { path: { compartment_id: compartment.id } },
            body: { crates: down.map((crate) => crate.id), place_id: at },
            headers: { "Idempotency-Key": `${key}-${compartment.cleanliness}` },
          }),
        );
      }
    },
    () => {
      scanning.clear(0);
      void moved();
    },
  );
  return (
    <section className="stack">
      <h2>{words.returnTitle}</h2>
      {crates.length === 0 ? (
        <p>{words.nothingAboard}</p>
      ) : (
        <>
          <ScanField scanning={scanning} />
          <CrateList group={0} scanning={scanning} crates={crates} />
          <SelectField
            label={words.unloadAt}
            value={at}
            onChange={(event) => choosePlace(event.target.value)}
          >
            {fits.map((place) => (
              <option key={place.id} value={place.id}>
                {place.name}
              </option>
            ))}
          </SelectField>
          <RefusalStrip refusal={unload.refusal} />
          <Button
            kind="primary"
            className="transport-big"
            busy={unload.pending}
            blocked={chosen.length === 0 ? words.scanFirst : undefined}
            onClick={() => void unload.run(undefined)}
          >
            {words.unload(chosen.length)}
          </Button>
        </>
      )}
    </section>
  );
}
