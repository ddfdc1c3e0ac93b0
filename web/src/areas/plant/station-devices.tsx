import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { useCommand } from "../../api/command";
import { Fields } from "../../records/fields";
import type { Values } from "../../records/values";
import { Button } from "../../ui/button";
import { RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { make, type Rows, stale, useLive } from "./collection";
import { deviceFields, newDevice } from "./device-fields";
import { plantWords } from "./words";

/** The scanners of a post, and the next act where there is none: without one the post is not offered to anybody. */
export function StationDevices({ station }: { readonly station: Rows["stations"] }) {
  const words = useWords(plantWords);
  const found = useLive("devices").filter((row) => row.station_id === station.id);
  return (
    <section className="stack plant-step" aria-label={words.devicesHere}>
      <h3>{words.devicesHere}</h3>
      {found.length > 0 ? (
        <ul className="stack">
          {found.map((row) => (
            <li key={row.id}>
              <Link href={`/plant/devices/${row.id}`}>{row.name}</Link>
            </li>
          ))}
        </ul>
      ) : (
        <>
          <Strip state="warn">{words.deviceMissing}</Strip>
          <NewDevice station={station} />
        </>
      )}
    </section>
  );
}

function NewDevice({ station }: { readonly station: Rows["stations"] }) {
  const words = useWords(plantWords);
  const client = useQueryClient();
  const toast = useToast();
  const [values, setValues] = useState<Values>({ name: words.deviceOf(station.name), id: null });
  const command = useCommand(
    (given: Values, key) => make("devices", { ...newDevice(given), station_id: station.id }, key),
    () => {
      toast(words.deviceAdded);
      void stale(client, "devices");
      void stale(client, "stations");
    },
  );
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void command.run(values);
      }}
    >
      <Fields
        groups={[{ legend: words.newDevice, fields: deviceFields(words) }]}
        values={values}
        onChange={setValues}
        refusal={command.refusal}
        made={false}
      />
      {command.refusal?.errors.length ? null : <RefusalStrip refusal={command.refusal} />}
      <div>
        <Button type="submit" kind="primary" busy={command.pending}>
          {words.addDevice}
        </Button>
      </div>
    </form>
  );
}
