import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { useVehicles } from "../../cooperation/moves";
import { useNames, useSites } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { instantAt, now, zoned } from "../../words/time";
import { expected, LATE_MIN, type Stop } from "./expected";
import { useLinks } from "./queries";
import { useWaiting } from "./unserved";
import { transportWords } from "./words";

interface Line {
  readonly key: number;
  readonly site: string;
  /** Empty: as the road allows. */
  readonly promised: string;
}

const wall = (at: Date) => zoned(at).toString().slice(11, 16);

/** A tour made by hand: its stops in order, with what it changes and whether its promises can be kept. */
export function NewTour({ day, onClose }: { readonly day: string; readonly onClose: () => void }) {
  const words = useWords(transportWords);
  const say = useToast();
  const client = useQueryClient();
  const names = useNames();
  const { data: vehicles = [] } = useVehicles();
  const { data: sites = [] } = useSites();
  const { data: links = [] } = useLinks();
  const [chosen, choose] = useState("");
  const [leaves, setLeaves] = useState(() => wall(new Date(now().getTime() + 15 * 60_000)));
  const [lines, setLines] = useState<readonly Line[]>([{ key: 1, site: "", promised: "" }]);
  const vehicle = vehicles.find((each) => each.id === chosen) ?? vehicles[0];
  const home = sites.find((site) => site.organisation_id === vehicle?.organisation_id)?.id ?? "";
  const leaves_at = instantAt(day, leaves || "00:00");

  const known = lines.filter((line) => line.site);
  const stops = known.map((line, position) => planned(line, position, line.promised || "23:59", day));
  const due = expected({ leaves_at, state: "under_way", stops }, links, home, new Date(0));
  const promiseOf = (place: number) =>
    known[place]?.promised || (due[place]?.at ? wall(roundUp(due[place].at)) : "");
  const promises = known.map((_, place) => promiseOf(place));
  const late = due.flatMap(({ stop, at }, place) => {
    const promised = promises[place];
    const minutes =
      at && promised ? Math.round((at.getTime() - Date.parse(instantAt(day, promised))) / 60_000) : 0;
    return minutes > 0 ? [{ site: stop.site_id, minutes }] : [];
  });
  const whole = lines.length === known.length && promises.every(Boolean) && leaves !== "" && vehicle;

  const adopt = useCommand(
    (_: undefined, key) =>
      body(
        api.POST("/api/cooperation/v1/tours", {
          body: {
            vehicle_id: vehicle?.id ?? "",
            leaves_at,
            stops: known.map((line, place) => ({
              site_id: line.site,
              promised_at: instantAt(day, promises[place] ?? "00:00"),
            })),
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.adopted);
      void client.invalidateQueries({ queryKey: ["cooperation", "moves"] });
      onClose();
    },
  );
  const change = (key: number, more: Partial<Line>) =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...more } : line)));
  return (
    <Dialog title={words.newTour} onClose={onClose} wide>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (whole) void adopt.run(undefined);
        }}
      >
        <RefusalStrip refusal={adopt.refusal} />
        <div className="transport-pair">
          <SelectField
            label={words.vehicle}
            value={vehicle?.id ?? ""}
            fault={faultAt(adopt.refusal, "/vehicle_id")}
            onChange={(event) => choose(event.target.value)}
          >
            {vehicles.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </SelectField>
          <TextField
            label={words.leavesAt}
            type="time"
            required
            value={leaves}
            fault={faultAt(adopt.refusal, "/leaves_at")}
            onChange={(event) => setLeaves(event.target.value)}
          />
        </div>
        {lines.map((line, place) => (
          <fieldset key={line.key} className="transport-line">
            <legend>{words.stopNumber(place + 1)}</legend>
            <SelectField
              label={words.site}
              required
              value={line.site}
              fault={faultAt(adopt.refusal, `/stops/${place}/site_id`)}
              onChange={(event) => change(line.key, { site: event.target.value })}
            >
              <option value="">{words.chooseSite}</option>
              {sites
                .filter((site) => !site.retired_at && site.id !== home)
                .map((site) => (
                  <option key={site.id} value={site.id}>
                    {site.name}
                  </option>
                ))}
            </SelectField>
            <TextField
              label={words.promisedAt}
              type="time"
              required
              value={line.promised || promiseOf(known.indexOf(line))}
              fault={faultAt(adopt.refusal, `/stops/${place}/promised_at`)}
              onChange={(event) => change(line.key, { promised: event.target.value })}
            />
            <div className="row">
              {place > 0 ? (
                <Button aria-label={words.earlier(place + 1)} onClick={() => setLines(swapped(lines, place))}>
                  ↑
                </Button>
              ) : null}
              {lines.length > 1 ? (
                <Button
                  aria-label={words.removeStop(place + 1)}
                  onClick={() => setLines(lines.filter((each) => each.key !== line.key))}
                >
                  ×
                </Button>
              ) : null}
            </div>
          </fieldset>
        ))}
        <div className="row">
          <Button
            onClick={() =>
              setLines([...lines, { key: (lines.at(-1)?.key ?? 0) + 1, site: "", promised: "" }])
            }
          >
            {words.addStop}
          </Button>
        </div>
        {known.length > 0 ? (
          <Preview sites={known.map(({ site }) => names.site(site))} ids={known.map(({ site }) => site)} />
        ) : null}
        {late.map(({ site, minutes }) => (
          <Strip key={site} state={minutes > LATE_MIN ? "danger" : "warn"}>
            {words.tooEarly(names.site(site), minutes)}
          </Strip>
        ))}
        {whole && late.length === 0 ? <Strip state="ok">{words.fits}</Strip> : null}
        <div className="foot row">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            kind="primary"
            type="submit"
            busy={adopt.pending}
            blocked={whole ? undefined : words.chooseFirst}
          >
            {words.adopt}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Preview({ sites, ids }: { readonly sites: readonly string[]; readonly ids: readonly string[] }) {
  const words = useWords(transportWords);
  const waiting = useWaiting();
  return (
    <section className="stack">
      <h3>{words.preview}</h3>
      <ul>
        {ids.map((id, place) => (
          <li key={`${id} ${sites[place]}`}>{words.previewSite(sites[place] ?? "", waiting.get(id) ?? 0)}</li>
        ))}
      </ul>
    </section>
  );
}

function planned(line: Line, position: number, promised: string, day: string): Stop {
  return {
    id: String(line.key),
    tour_id: "",
    position,
    site_id: line.site,
    promised_at: instantAt(day, promised),
    state: "expected",
    reason: null,
    late_told: false,
    settled_at: null,
    version: 1,
  };
}

/** To the next five minutes: nobody promises 10 h 43. */
function roundUp(at: Date): Date {
  return new Date(Math.ceil(at.getTime() / 300_000) * 300_000);
}

function swapped(lines: readonly Line[], place: number): readonly Line[] {
  const before = lines[place - 1];
  const line = lines[place];
  if (!before || !line) return lines;
  return lines.map((each, at) => (at === place ? before : at === place - 1 ? line : each));
}
