import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { serialOf, usePlaces, useSites } from "../../cooperation/names";
import { useLiveQuery } from "../../live/live";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { Big } from "./commands";
import { stationWords } from "./words";

type Contents = Schema<"cooperation.CrateContents">;

/** The post's own row: the one that a device keeps says nothing of its place. */
export function useStationRow(post: string) {
  return useQuery({
    queryKey: ["cooperation", "station", post, "row"],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/stations/{row_id}", { params: { path: { row_id: post } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

interface Props {
  readonly crate: string;
  readonly post: string;
  readonly site: string;
  /** The seal's number read after the crate. */
  readonly seal?: string;
}

/** A crate in hand: what it holds, and what can be done with it now: close, open, empty, decontaminate. */
export function CratePanel({ crate, post, site, seal = "" }: Props) {
  const words = useWords(stationWords);
  const inside = useLiveQuery({
    queryKey: ["cooperation", "post", post, "crate", crate],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/crates/{crate_id}", { params: { path: { crate_id: crate } } })),
    topics: ["cooperation.custody_changed", "cooperation.handover_recorded"],
    about: crate,
  });
  return (
    <Read of={inside} lines={2}>
      {(state) => (
        <section className="panel stack">
          <h2 className="row">
            {words.crate(serialOf(state.tag))}, {words.things(state.things)}
            <Badge state={state.load_state === "dirty" || state.dirty_since ? "warn" : "ok"}>
              {words.crateState(state.load_state, state.dirty_since !== null)}
            </Badge>
          </h2>
          {state.contents.length > 0 ? (
            <ul className="station-content">
              {state.contents.map((held) => (
                <li key={held.id}>{held.name ?? held.tag}</li>
              ))}
            </ul>
          ) : null}
          {state.seal ? <Open state={state} read={seal} /> : <Close state={state} site={site} read={seal} />}
        </section>
      )}
    </Read>
  );
}

function useAct<T>(send: (input: T, key: string) => Promise<unknown>, done?: () => void) {
  const client = useQueryClient();
  return useCommand(send, () => {
    done?.();
    void client.invalidateQueries({ queryKey: ["cooperation"] });
  });
}

function Open({ state, read }: { readonly state: Contents; readonly read: string }) {
  const words = useWords(stationWords);
  const [typed, type] = useState<string | null>(null);
  const number = typed ?? read;
  const open = useAct((_: undefined, key) =>
    body(
      api.POST("/api/cooperation/v1/crates/{crate_id}/unseal", {
        params: { path: { crate_id: state.id } },
        body: { number: number.trim() || null },
        headers: { "Idempotency-Key": key },
      }),
    ),
  );
  return (
    <>
      <RefusalStrip refusal={open.refusal} />
      <TextField
        label={words.sealToBreak}
        hint={words.sealToBreakHint}
        autoComplete="off"
        value={number}
        fault={faultAt(open.refusal, "/number")}
        onChange={(event) => type(event.target.value)}
      />
      <Big busy={open.pending} onPress={() => void open.run(undefined)}>
        {number.trim() ? words.unseal : words.unsealWithout}
      </Big>
    </>
  );
}

function Close({
  state,
  site,
  read,
}: {
  readonly state: Contents;
  readonly site: string;
  readonly read: string;
}) {
  const words = useWords(stationWords);
  const { data: sites = [] } = useSites();
  const [typed, type] = useState<string | null>(null);
  const [to, go] = useState<string | null>(null);
  const number = typed ?? read;
  const others = sites.filter((each) => each.id !== site && !each.retired_at);
  const plant = others.find((each) => each.kind === "plant");
  const destination = to ?? state.destination_site_id ?? plant?.id ?? "";
  const seal = useAct((_: undefined, key) =>
    body(
      api.POST("/api/cooperation/v1/crates/{crate_id}/seal", {
        params: { path: { crate_id: state.id } },
        body: { number: number.trim(), destination_site_id: destination || null },
        headers: { "Idempotency-Key": key },
      }),
    ),
  );
  if (state.things === 0) return <Emptied state={state} />;
  return (
    <>
      <RefusalStrip refusal={seal.refusal} />
      <TextField
        label={words.sealNumber}
        autoComplete="off"
        value={number}
        fault={faultAt(seal.refusal, "/number")}
        onChange={(event) => type(event.target.value)}
      />
      <SelectField
        label={words.destination}
        value={destination}
        fault={faultAt(seal.refusal, "/destination_site_id")}
        onChange={(event) => go(event.target.value)}
      >
        <option value="">{words.chooseDestination}</option>
        {others.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </SelectField>
      <div className="row">
        <Big
          command="TERMINER"
          kind="primary"
          busy={seal.pending}
          blocked={number.trim() ? undefined : words.sealNumberFirst}
          onPress={() => void seal.run(undefined)}
        >
          {words.seal}
        </Big>
      </div>
      <TakeOut state={state} />
    </>
  );
}

function TakeOut({ state }: { readonly state: Contents }) {
  const words = useWords(stationWords);
  const { data: places = [] } = usePlaces();
  const [chosen, choose] = useState<string | null>(null);
  const kinds =
    state.load_state === "dirty" ? ["reception", "theatre", "quarantine"] : ["store", "quarantine"];
  const fits = places.filter(
    (place) => place.site_id === state.site_id && !place.retired_at && kinds.includes(place.kind),
  );
  const place = chosen ?? fits[0]?.id ?? "";
  const out = useAct((codes: string[], key) =>
    body(
      api.POST("/api/cooperation/v1/crates/{crate_id}/take_out", {
        params: { path: { crate_id: state.id } },
        body: { codes, place_id: place },
        headers: { "Idempotency-Key": key },
      }),
    ),
  );
  const codes = state.contents.flatMap((held) =>
    held.label ? [`(00)${held.label}`] : held.tag ? [held.tag] : [],
  );
  if (codes.length === 0 || fits.length === 0) return null;
  return (
    <>
      <SelectField label={words.putAt} value={place} onChange={(event) => choose(event.target.value)}>
        {fits.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </SelectField>
      <RefusalStrip refusal={out.refusal} />
      <div className="row">
        <Big busy={out.pending} onPress={() => void out.run(codes)}>
          {words.takeAllOut(codes.length)}
        </Big>
      </div>
    </>
  );
}

/** Empty: what held dirty goods waits for its decontamination. */
function Emptied({ state }: { readonly state: Contents }) {
  const words = useWords(stationWords);
  const clean = useAct((_: undefined, key) =>
    body(
      api.POST("/api/cooperation/v1/crates/{crate_id}/decontaminate", {
        params: { path: { crate_id: state.id } },
        headers: { "Idempotency-Key": key },
      }),
    ),
  );
  if (!state.dirty_since) return <p>{words.fillIt}</p>;
  return (
    <>
      <RefusalStrip refusal={clean.refusal} />
      <div className="row">
        <Big busy={clean.pending} onPress={() => void clean.run(undefined)}>
          {words.decontaminate}
        </Big>
      </div>
    </>
  );
}
