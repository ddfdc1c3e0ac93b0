import { useQueryClient } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { type Compartment, useCompartments, useStanding, useVehicles } from "../../cooperation/moves";
import { Button } from "../../ui/button";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dayOf, shortDay, timeOfDay, today } from "../../words/time";
import { transportWords } from "./words";

/** Every vehicle with its compartments, clean and dirty, disinfected or not. */
export function Vehicles() {
  const words = useWords(transportWords);
  const vehicles = useVehicles();
  return (
    <section className="stack">
      <h2>{words.vehicles}</h2>
      <Read of={vehicles} lines={2}>
        {(rows) => (
          <ul className="transport-tours">
            {rows.map((row) => (
              <li key={row.id} className="panel stack">
                <h3>
                  {row.name} <span className="mono small muted">{row.plate}</span>
                </h3>
                <Compartments vehicle={row.id} />
              </li>
            ))}
          </ul>
        )}
      </Read>
    </section>
  );
}

export function Compartments({ vehicle }: { readonly vehicle: string }) {
  const { data: all = [] } = useCompartments();
  const own = all.filter((each) => each.vehicle_id === vehicle && !each.retired_at);
  const standing = useStanding(own.map((each) => each.id));
  return (
    <ul className="transport-compartments">
      {own.map((each) => (
        <One key={each.id} compartment={each} crates={standing.data?.[each.id]?.length ?? 0} />
      ))}
    </ul>
  );
}

function One({ compartment, crates }: { readonly compartment: Compartment; readonly crates: number }) {
  const words = useWords(transportWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const disinfect = useCommand(
    (_: undefined, key) =>
      body(
        api.POST("/api/cooperation/v1/compartments/{compartment_id}/disinfect", {
          params: { path: { compartment_id: compartment.id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => void client.invalidateQueries({ queryKey: ["cooperation", "moves"] }),
  );
  const since = compartment.disinfected_at;
  const when = since
    ? `${dayOf(since) === today() ? "" : `${shortDay(dayOf(since), language)}, `}${timeOfDay(since, language)}`
    : null;
  const dirty = compartment.dirty_since !== null || compartment.cleaning_due;
  return (
    <li className="stack">
      <p className="row">
        <strong>{words.compartment[compartment.cleanliness]}</strong>
        <span>{words.aboard(crates, compartment.capacity)}</span>
        {dirty ? (
          <Badge state="warn">{words.toDisinfect}</Badge>
        ) : (
          <Badge state="ok">{when ? words.disinfectedAt(when) : words.neverDirty}</Badge>
        )}
      </p>
      <RefusalStrip refusal={disinfect.refusal} />
      {dirty ? (
        <div className="row">
          <Button
            className="transport-target"
            busy={disinfect.pending}
            blocked={crates > 0 ? words.emptyFirst : undefined}
            onClick={() => void disinfect.run(undefined)}
          >
            {words.disinfect}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
