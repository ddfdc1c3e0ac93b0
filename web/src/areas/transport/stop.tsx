import { MapPin } from "lucide-react";
import { useState } from "react";
import { useGiven, useStanding } from "../../cooperation/moves";
import { serialOf, useNames, usePlaces } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Check, SelectField, TextArea, TextField } from "../../ui/field";
import { Strip } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { timeOfDay } from "../../words/time";
import { useCratesOf, useFleet } from "./aboard";
import type { Due, Tour } from "./expected";
import type { Outbox } from "./outbox";
import { PaceBadge } from "./pace";
import { CrateList, ScanField, type Scanning, useScanning } from "./scanning";
import { transportWords } from "./words";

interface Props {
  readonly due: Due;
  readonly tour: Tour;
  readonly outbox: Outbox;
}

/** The next stop: where, when, what is given and taken, and how it ended. */
export function Current({ due, tour, outbox }: Props) {
  const words = useWords(transportWords);
  const names = useNames();
  const { language } = useLanguage();
  const site = names.site(due.stop.site_id);
  const { aboard, toGive, toTake } = useExchange(due, tour, outbox);
  const scanning = useScanning([
    { crates: aboard, sealed: false },
    { crates: toTake, sealed: true },
  ]);
  return (
    <section className="stack transport-current">
      <p className="muted">{words.next}</p>
      <h2 className="transport-where">{site}</h2>
      <p className="row">
        <strong>
          {words.promised} {timeOfDay(due.stop.promised_at, language)}
        </strong>
        {due.at ? `${words.expectedAt} ${timeOfDay(due.at, language)}` : null}
        <PaceBadge due={due} />
      </p>
      <a className="button transport-target" href={`geo:0,0?q=${encodeURIComponent(site)}`}>
        <MapPin size={20} aria-hidden="true" /> {words.openMap}
      </a>
      {aboard.length + toTake.length > 0 ? <ScanField scanning={scanning} /> : null}
      <Give due={due} tour={tour} outbox={outbox} scanning={scanning} />
      <Take due={due} tour={tour} outbox={outbox} scanning={scanning} />
      <End due={due} outbox={outbox} left={toGive.length} />
    </section>
  );
}

/** Crates aboard for this site, and hand-overs that its dock has made for this vehicle. */
function useExchange(due: Due, tour: Tour, outbox: Outbox) {
  const { compartments } = useFleet(tour);
  const { data: places = [] } = usePlaces();
  const standing = useStanding(compartments.map((each) => each.id));
  const inside = useCratesOf(Object.values(standing.data ?? {}).flat());
  const { data: given = [] } = useGiven();
  const gone = new Set(
    outbox.acts.flatMap(({ doing, refused }) => (doing.kind === "give" && !refused ? doing.body.crates : [])),
  );
  for (const handover of given) for (const crate of handover.crates) gone.add(crate.crate_id);
  const taken = new Set(
    outbox.acts.flatMap(({ doing, refused }) => (doing.kind === "take" && !refused ? [doing.handover] : [])),
  );
  const here = new Set(places.filter((place) => place.site_id === due.stop.site_id).map((place) => place.id));
  const mine = new Set(compartments.map((each) => each.id));
  const handovers = given.filter(
    (each) => mine.has(each.to_place_id) && here.has(each.from_place_id) && !taken.has(each.id),
  );
  const aboard = inside.filter((crate) => !gone.has(crate.id));
  return {
    compartments,
    standing: standing.data ?? {},
    docks: places.filter(
      (place) =>
        here.has(place.id) && (place.kind === "dock" || place.kind === "quarantine") && !place.retired_at,
    ),
    /** Whatever is read may be given: an empty crate on its way back has no destination. */
    aboard,
    toGive: aboard.filter((crate) => crate.destination_id === due.stop.site_id),
    handovers,
    toTake: handovers.flatMap((each) => each.crates.map(({ crate_id, tag }) => ({ id: crate_id, tag }))),
  };
}

type Part = Props & { readonly scanning: Scanning };

function Give({ due, tour, outbox, scanning }: Part) {
  const words = useWords(transportWords);
  const { aboard, compartments, standing, docks } = useExchange(due, tour, outbox);
  const [nobody, setNobody] = useState(false);
  const [why, setWhy] = useState("");
  const [place, choose] = useState<string | null>(null);
  const read = scanning.ticks[0]?.read ?? {};
  const chosen = aboard.filter((crate) => crate.id in read);
  const toGive = aboard.filter((crate) => crate.destination_id === due.stop.site_id || crate.id in read);
  const dock =
    docks.find((each) => each.id === place) ?? docks.find((each) => each.kind === "dock") ?? docks[0];
  const give = async () => {
    if (!dock) return;
    // What one gives stands in one place: each compartment is a hand-over of its own.
    for (const compartment of compartments) {
      const inside = standing[compartment.id] ?? [];
      const crates = chosen.filter((crate) => inside.includes(crate.id)).map((crate) => crate.id);
      if (crates.length === 0) continue;
      await outbox.act(due.stop.id, {
        kind: "give",
        body: {
          crates,
          from_place_id: compartment.id,
          to_place_id: dock.id,
          stop_id: due.stop.id,
          unattended: nobody ? { reason: why.trim() } : null,
        },
      });
    }
    scanning.clear(0);
  };
  const blocked =
    chosen.length === 0
      ? words.scanFirst
      : !dock
        ? words.noDock
        : nobody && !why.trim()
          ? words.whyNobodyFirst
          : undefined;
  return (
    <section className="stack">
      <h3>{words.giveTitle}</h3>
      {toGive.length === 0 ? (
        <p className="muted">{words.nothingToGive}</p>
      ) : (
        <>
          <CrateList group={0} scanning={scanning} crates={toGive} />
          {docks.length > 1 ? (
            <SelectField
              label={words.dockOf}
              value={dock?.id ?? ""}
              onChange={(event) => choose(event.target.value)}
            >
              {docks.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
            </SelectField>
          ) : null}
          <Check
            label={words.nobody}
            checked={nobody}
            onChange={(event) => setNobody(event.target.checked)}
          />
          {nobody ? (
            <TextField
              label={words.whyNobody}
              hint={words.reasonHint}
              required
              value={why}
              onChange={(event) => setWhy(event.target.value)}
            />
          ) : null}
          <Button
            kind="primary"
            className="transport-big"
            busy={outbox.busy}
            blocked={blocked}
            onClick={() => void give()}
          >
            {words.give(chosen.length)}
          </Button>
        </>
      )}
    </section>
  );
}

function Take({ due, tour, outbox, scanning }: Part) {
  const words = useWords(transportWords);
  const { handovers, toTake } = useExchange(due, tour, outbox);
  const [missing, setMissing] = useState<Readonly<Record<string, string>>>({});
  const read = scanning.ticks[1]?.read ?? {};
  // Each hand-over is taken whole; another one may wait until its crates were read.
  const ready = handovers.filter(({ crates }) =>
    crates.every(({ crate_id }) => crate_id in read || missing[crate_id]?.trim()),
  );
  const take = async () => {
    for (const handover of ready) {
      const present = handover.crates.filter(({ crate_id }) => crate_id in read);
      const gone = handover.crates.filter(({ crate_id }) => !(crate_id in read));
      await outbox.act(due.stop.id, {
        kind: "take",
        handover: handover.id,
        body: {
          crates: present.map(({ crate_id }) => ({ code: crate_id, seal: read[crate_id] || null })),
          missing: gone.map(({ crate_id }) => ({ crate_id, reason: missing[crate_id]?.trim() ?? "" })),
        },
      });
    }
    scanning.clear(1);
  };
  return (
    <section className="stack">
      <h3>{words.takeTitle}</h3>
      {toTake.length === 0 ? (
        <p className="muted">{words.nothingToTake}</p>
      ) : (
        <>
          <CrateList group={1} scanning={scanning} crates={toTake} sealed />
          {toTake
            .filter((crate) => !(crate.id in read))
            .map((crate) => {
              const name = words.crate(serialOf(crate.tag));
              return crate.id in missing ? (
                <TextField
                  key={crate.id}
                  label={words.whyMissing(name)}
                  hint={words.reasonHint}
                  value={missing[crate.id] ?? ""}
                  onChange={(event) => setMissing({ ...missing, [crate.id]: event.target.value })}
                />
              ) : (
                <div key={crate.id} className="row">
                  <Button
                    className="transport-target"
                    onClick={() => setMissing({ ...missing, [crate.id]: "" })}
                  >
                    {words.missing(name)}
                  </Button>
                </div>
              );
            })}
          <Button
            kind="primary"
            className="transport-big"
            busy={outbox.busy}
            blocked={ready.length === 0 ? words.scanAll : undefined}
            onClick={() => void take()}
          >
            {words.take(Object.keys(read).length)}
          </Button>
        </>
      )}
    </section>
  );
}

function End({ due, outbox, left }: { readonly due: Due; readonly outbox: Outbox; readonly left: number }) {
  const words = useWords(transportWords);
  const [failing, fail] = useState(false);
  const [reason, setReason] = useState("");
  if (failing)
    return (
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim()) void outbox.act(due.stop.id, { kind: "fail", reason: reason.trim() });
        }}
      >
        <h3>{words.failTitle}</h3>
        <TextArea
          label={words.reason}
          hint={words.reasonHint}
          required
          autoFocus
          maxLength={300}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="row">
          <Button className="transport-target" onClick={() => fail(false)}>
            {words.cancel}
          </Button>
          <Button
            kind="danger"
            type="submit"
            className="transport-target"
            busy={outbox.busy}
            blocked={reason.trim() ? undefined : words.failTitle}
          >
            {words.noteFailure}
          </Button>
        </div>
      </form>
    );
  return (
    <section className="stack">
      {left > 0 ? <Strip state="info">{words.stillToGive(left)}</Strip> : null}
      <Button
        kind={left > 0 ? "plain" : "primary"}
        className="transport-big"
        busy={outbox.busy}
        onClick={() => void outbox.act(due.stop.id, { kind: "serve" })}
      >
        {words.serve}
      </Button>
      <Button className="transport-big" onClick={() => fail(true)}>
        {words.fail}
      </Button>
    </section>
  );
}
