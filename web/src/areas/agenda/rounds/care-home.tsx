import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { usePractitioners, useReasons, useSites } from "../../../booking";
import { PatientSearch } from "../../../patients";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../../ui/field";
import { RefusalStrip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useWords } from "../../../words/language";
import { instantAt } from "../../../words/time";
import { roundWords } from "./words";

interface Props {
  readonly practitionerId: string;
  readonly day: string;
  readonly onClose: () => void;
}

interface Resident {
  readonly id: string;
  readonly name: string;
}

/** Several residents of one care home, one right behind the other: all are booked, or none. */
export function CareHome({ practitionerId, day, onClose }: Props) {
  const words = useWords(roundWords);
  const client = useQueryClient();
  const say = useToast();
  const who = usePractitioners().data?.find((each) => each.id === practitionerId);
  const sites = (useSites().data ?? []).filter((each) => who?.site_ids.includes(each.id));
  const reasons = (useReasons().data ?? []).filter((each) =>
    each.modes.some((mode) => mode.mode === "care_home"),
  );
  const places = useQuery({
    queryKey: ["appointments", "places"],
    queryFn: async () =>
      (await body(api.GET("/api/appointments/v1/places", { params: { query: { limit: 200 } } }))).items,
  });
  const [chosen, choose] = useState({ place_id: "", site_id: "", reason_id: "", time: "", note: "" });
  const [residents, setResidents] = useState<readonly Resident[]>([]);
  const site = chosen.site_id || (sites.length === 1 ? (sites[0]?.id ?? "") : "");
  const reason = chosen.reason_id || (reasons.length === 1 ? (reasons[0]?.id ?? "") : "");
  const ready = chosen.place_id && site && reason && residents.length > 0;
  const book = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/rounds/care-home", {
          body: {
            place_id: chosen.place_id,
            practitioner_id: practitionerId,
            site_id: site,
            reason_id: reason,
            day,
            patients: residents.map((each) => each.id),
            not_before: chosen.time ? instantAt(day, chosen.time) : null,
            note: chosen.note.trim() || null,
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    ({ items }) => {
      void client.invalidateQueries({ queryKey: ["appointments", "round"] });
      say(words.booked(items.length));
      onClose();
    },
  );
  const one = (
    name: "place_id" | "site_id" | "reason_id",
    label: string,
    value: string,
    options: readonly { readonly id: string; readonly name: string }[],
  ) => (
    <SelectField
      label={label}
      required
      value={value}
      fault={faultAt(book.refusal, `/${name}`)}
      onChange={(event) => choose({ ...chosen, [name]: event.target.value })}
    >
      <option value="">{words.choose}</option>
      {options.map((each) => (
        <option key={each.id} value={each.id}>
          {each.name}
        </option>
      ))}
    </SelectField>
  );
  const fits = book.refusal?.more.fits;
  return (
    <Dialog
      title={words.addHome}
      onClose={onClose}
      wide
      foot={
        <Button
          kind="primary"
          busy={book.pending}
          blocked={ready ? undefined : words.incomplete}
          onClick={() => void book.run(null)}
        >
          {words.book(residents.length)}
        </Button>
      }
    >
      <div className="rounds-fields">
        {one("place_id", words.place, chosen.place_id, places.data ?? [])}
        {one("site_id", words.site, site, sites)}
        {one(
          "reason_id",
          words.reason,
          reason,
          reasons.map((each) => ({ id: each.id, name: each.label })),
        )}
        <TextField
          label={words.notBefore}
          type="time"
          value={chosen.time}
          fault={faultAt(book.refusal, "/not_before")}
          onChange={(event) => choose({ ...chosen, time: event.target.value })}
        />
      </div>
      <PatientSearch
        onChoose={(found) => {
          if (!residents.some((each) => each.id === found.id))
            setResidents([...residents, { id: found.id, name: found.display_name }]);
        }}
      />
      <section className="stack" aria-label={words.residents}>
        <h3>{words.residents}</h3>
        {residents.length === 0 ? <p className="muted">{words.noResident}</p> : null}
        <ol className="rounds-residents">
          {residents.map((each, place) => (
            <li key={each.id}>
              <span className="row">
                {each.name}
                <Button
                  kind="quiet"
                  aria-label={words.drop(each.name)}
                  onClick={() => setResidents(residents.filter((other) => other.id !== each.id))}
                >
                  <X size={16} aria-hidden="true" />
                </Button>
              </span>
              {faultAt(book.refusal, `/patients/${place}`) ? (
                <span className="fault">{faultAt(book.refusal, `/patients/${place}`)}</span>
              ) : null}
            </li>
          ))}
        </ol>
      </section>
      <TextField
        label={words.note}
        hint={words.noteHint}
        maxLength={280}
        value={chosen.note}
        fault={faultAt(book.refusal, "/note")}
        onChange={(event) => choose({ ...chosen, note: event.target.value })}
      />
      <RefusalStrip refusal={book.refusal} />
      {typeof fits === "number" ? <p>{words.fits(fits)}</p> : null}
    </Dialog>
  );
}
