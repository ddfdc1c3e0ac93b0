import { useQueryClient } from "@tanstack/react-query";
import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import {
  type Handover,
  useCompartments,
  useCrates,
  useGiven,
  useStanding,
  useVehicles,
} from "../../cooperation/moves";
import { serialOf, useNames, usePlaces, useSites } from "../../cooperation/names";
import { crateOf, forgotten, heard, NO_TICKS, type Ticks } from "../../cooperation/ticking";
import { namesOf } from "../../scan/names";
import { TextField } from "../../ui/field";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { timeOfDay } from "../../words/time";
import { type ActProps, useHears } from "./act";
import { Big } from "./commands";
import { CratePanel, useStationRow } from "./crate";
import { stationWords } from "./words";

/** A dock: crates given are taken with their seals, others are given to a vehicle; one person each. */
export function Dock(props: ActProps) {
  const words = useWords(stationWords);
  const { data: places = [] } = usePlaces();
  const { data: stations } = useStationRow(props.post.id);
  const here = places.filter((place) => place.site_id === stations?.site_id).map((place) => place.id);
  const given = useGiven();
  const coming = (given.data ?? []).filter((each) => here.includes(each.to_place_id));
  const [ticks, setTicks] = useState<Ticks>(NO_TICKS);
  const { data: known } = useCrates();
  const all = known ?? [];
  const last =
    all.find((crate) => crate.id === ticks.current) ?? crateOf(props.station.recent[0]?.code ?? "", all);
  const awaited = coming.some((each) => each.crates.some((crate) => crate.crate_id === last?.id));
  const say = useToast();
  const client = useQueryClient();
  const putIn = useCommand(
    ({ crate_id, code }: { crate_id: string; code: string }, key) =>
      body(
        api.POST("/api/cooperation/v1/crates/{crate_id}/put_in", {
          params: { path: { crate_id } },
          body: { codes: [code] },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (state) => {
      say(words.putIn(words.crate(serialOf(state.tag))));
      void client.invalidateQueries({ queryKey: ["cooperation", "post", props.post.id, "crate"] });
    },
  );
  const early = useRef<string[]>([]);
  useEffect(() => {
    // A reader does not wait for a screen: what it read before the crates were known counts all the same.
    const codes = known ? early.current.splice(0) : [];
    if (known && codes.length > 0)
      setTicks((before) => codes.reduce((ticked, code) => heard(ticked, code, known, true)[0], before));
  }, [known]);
  useHears(props.hears, (text) => {
    if (!known) {
      early.current.push(text);
      return false;
    }
    const goods = namesOf(text).length > 0 && !crateOf(text, all);
    if (goods && last && !last.seal && !awaited) {
      void putIn.run({ crate_id: last.id, code: text });
      return true;
    }
    const [next, said] = heard(ticks, text, all, true);
    setTicks(next);
    return said === "seal";
  });
  return (
    <Read of={given} lines={3}>
      {() => (
        <>
          {coming.length === 0 ? <p className="muted">{words.nothingComes}</p> : null}
          {coming.map((each) => (
            <TakeOne key={each.id} handover={each} ticks={ticks} setTicks={setTicks} places={here} />
          ))}
          {stations ? (
            <Leaving place={stations.place_id} ticks={ticks} onDone={() => setTicks(NO_TICKS)} />
          ) : null}
          <RefusalStrip refusal={putIn.refusal} />
          {last && !awaited ? (
            <CratePanel
              key={last.id}
              crate={last.id}
              post={props.post.id}
              site={stations?.site_id ?? ""}
              seal={ticks.read[last.id] ?? ""}
            />
          ) : null}
        </>
      )}
    </Read>
  );
}

interface TakeProps {
  readonly handover: Handover;
  readonly ticks: Ticks;
  readonly setTicks: Dispatch<SetStateAction<Ticks>>;
  readonly places: readonly string[];
}

function TakeOne({ handover, ticks, setTicks, places }: TakeProps) {
  const words = useWords(stationWords);
  const say = useToast();
  const client = useQueryClient();
  const names = useNames();
  const { language } = useLanguage();
  const { data: rows = [] } = usePlaces();
  const [missing, setMissing] = useState<Readonly<Record<string, string>>>({});
  const quarantine = rows.find((place) => places.includes(place.id) && place.kind === "quarantine");
  const present = handover.crates.filter(({ crate_id }) => crate_id in ticks.read);
  const left = handover.crates.filter(({ crate_id }) => !(crate_id in ticks.read));
  const take = useCommand(
    (apart: boolean, key) =>
      body(
        api.POST("/api/cooperation/v1/handovers/{handover_id}/take", {
          params: { path: { handover_id: handover.id } },
          body: {
            crates: present.map(({ crate_id }) => ({ code: crate_id, seal: ticks.read[crate_id] || null })),
            missing: left.map(({ crate_id }) => ({ crate_id, reason: missing[crate_id]?.trim() ?? "" })),
            quarantine_place_id: apart ? (quarantine?.id ?? null) : null,
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.taken);
      // Only these: another crate may have been read while the act was on its way.
      setTicks((ticks) => present.reduce((kept, { crate_id }) => forgotten(kept, crate_id), ticks));
      void client.invalidateQueries({ queryKey: ["cooperation"] });
    },
  );
  const blocked = take.refusal?.code === "RECALLED" || take.refusal?.code === "ON_HOLD";
  const open = left.filter(({ crate_id }) => !missing[crate_id]?.trim());
  return (
    <section className="panel stack">
      <h2>
        {words.toTake(handover.crates.length)}{" "}
        {words.givenAt(names.place(handover.from_place_id), timeOfDay(handover.given_at, language))}
      </h2>
      <ul className="station-content">
        {handover.crates.map(({ crate_id, tag }) => {
          const read = crate_id in ticks.read;
          const seal = ticks.read[crate_id] ?? "";
          const name = words.crate(serialOf(tag));
          return (
            <li key={crate_id} className="station-crate">
              <strong>{name}</strong>
              <Badge state={!read ? "unknown" : seal ? "ok" : "warn"}>
                {!read ? words.toScan : seal ? words.sealRead(seal) : words.sealToRead}
              </Badge>
              {read ? (
                <TextField
                  label={words.sealOn(name)}
                  autoComplete="off"
                  value={seal}
                  onChange={(event) =>
                    setTicks({
                      read: { ...ticks.read, [crate_id]: event.target.value.trim() || null },
                      current: crate_id,
                    })
                  }
                />
              ) : crate_id in missing ? (
                <TextField
                  label={words.whyMissing(name)}
                  value={missing[crate_id] ?? ""}
                  onChange={(event) => setMissing({ ...missing, [crate_id]: event.target.value })}
                />
              ) : (
                <Big onPress={() => setMissing({ ...missing, [crate_id]: "" })}>
                  {words.crateMissing(name)}
                </Big>
              )}
            </li>
          );
        })}
      </ul>
      <RefusalStrip refusal={take.refusal} />
      <div className="row">
        <Big
          command="TERMINER"
          kind="primary"
          busy={take.pending}
          blocked={open.length > 0 ? words.scanEachCrate : undefined}
          onPress={() => void take.run(false)}
        >
          {words.takeCrates(present.length)}
        </Big>
        {blocked && quarantine ? (
          <Big command="QUARANTAINE" kind="danger" busy={take.pending} onPress={() => void take.run(true)}>
            {words.toQuarantine}
          </Big>
        ) : null}
      </div>
    </section>
  );
}

interface LeavingProps {
  readonly place: string;
  readonly ticks: Ticks;
  readonly onDone: () => void;
}

/** Crates read here that no hand-over waits for: given to a vehicle, in the compartment of their cleanliness. */
function Leaving({ place, ticks, onDone }: LeavingProps) {
  const words = useWords(stationWords);
  const say = useToast();
  const client = useQueryClient();
  const { data: crates = [] } = useCrates();
  const { data: compartments = [] } = useCompartments();
  const { data: vehicles = [] } = useVehicles();
  const { data: sites = [] } = useSites();
  const standing = useStanding([place]);
  const { data: given = [] } = useGiven();
  const [chosen, choose] = useState<string | null>(null);
  const gone = new Set(given.flatMap((each) => each.crates.map((crate) => crate.crate_id)));
  const here = standing.data?.[place] ?? [];
  const read = crates.filter(
    (crate) =>
      crate.id in ticks.read &&
      here.includes(crate.id) &&
      !gone.has(crate.id) &&
      (crate.seal || !crate.dirty_since),
  );
  const vehicle = chosen ?? vehicles.find((each) => !each.retired_at)?.id;
  const sideOf = (crate: (typeof crates)[number]) => (crate.dirty_since ? "dirty" : "clean");
  const give = useCommand(
    async (_: undefined, key) => {
      for (const side of ["clean", "dirty"] as const) {
        const those = read.filter((crate) => sideOf(crate) === side);
        const to = compartments.find(
          (each) => each.vehicle_id === vehicle && (each.cleanliness === side || each.cleanliness === "both"),
        );
        if (those.length === 0 || !to) continue;
        await body(
          api.POST("/api/cooperation/v1/handovers", {
            body: { crates: those.map((crate) => crate.id), from_place_id: place, to_place_id: to.id },
            headers: { "Idempotency-Key": `${key}-${side}` },
          }),
        );
      }
    },
    () => {
      say(words.givenToDriver);
      onDone();
      void client.invalidateQueries({ queryKey: ["cooperation", "moves"] });
    },
  );
  if (read.length === 0) return null;
  return (
    <section className="panel stack">
      <h2>{words.toGive(read.length)}</h2>
      <ul className="station-content">
        {read.map((crate) => (
          <li key={crate.id}>
            <strong>{words.crate(serialOf(crate.tag))}</strong>
            <span>{sites.find((each) => each.id === crate.destination_id)?.name ?? words.emptyOne}</span>
          </li>
        ))}
      </ul>
      {vehicles.length > 1 ? (
        <fieldset className="row" aria-label={words.vehicle}>
          {vehicles.map((each) => (
            <Big key={each.id} pressed={each.id === vehicle} onPress={() => choose(each.id)}>
              {each.name}
            </Big>
          ))}
        </fieldset>
      ) : null}
      <RefusalStrip refusal={give.refusal} />
      <Big command="VALIDER" kind="primary" busy={give.pending} onPress={() => void give.run(undefined)}>
        {words.giveCrates(read.length)}
      </Big>
    </section>
  );
}
