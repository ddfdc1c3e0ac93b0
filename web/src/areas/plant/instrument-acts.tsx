import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { act } from "../../records/read";
import { optionsOf } from "../../records/values";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, faultsShown, SelectField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { named, useLive } from "./collection";
import { INSTRUMENTS, type Instrument, type Status, shortCode } from "./set-rows";
import { plantWords } from "./words";

/** To repair, missing, retired, in service again; out of its set. */
export function InstrumentActs({
  instrument,
  onClose,
}: {
  readonly instrument: Instrument;
  readonly onClose: () => void;
}) {
  const words = useWords(plantWords);
  const client = useQueryClient();
  const toast = useToast();
  const repair = named(useLive("places").filter((row) => row.kind === "repair"));
  const [status, setStatus] = useState<Status>(instrument.status);
  const [place, setPlace] = useState("");
  const done = () => {
    toast(words.instrumentChanged);
    void client.invalidateQueries({ queryKey: INSTRUMENTS });
    onClose();
  };
  const path = { params: { path: { instrument_id: instrument.id } } };
  const change = useCommand(
    (given: { status: Status; place_id: string | null }, key) =>
      body(
        api.POST("/api/cooperation/v1/instruments/{instrument_id}/status", {
          ...path,
          body: given,
          headers: act(key, instrument.version),
        }),
      ),
    done,
  );
  const out = useCommand(
    (_: null, key) =>
      body(
        api.PATCH("/api/cooperation/v1/instruments/{instrument_id}", {
          ...path,
          body: { set_id: null },
          headers: act(key, instrument.version),
        }),
      ),
    done,
  );
  const refusal = change.refusal ?? out.refusal;
  const lacks = status === "in_repair" && !place;
  return (
    <Dialog
      title={words.instrumentTitle(shortCode(instrument.code))}
      onClose={onClose}
      foot={
        <>
          {instrument.set_id ? (
            <Button busy={out.pending} onClick={() => void out.run(null)}>
              {words.takeOut}
            </Button>
          ) : null}
          <Button
            kind="primary"
            busy={change.pending}
            onClick={() => void change.run({ status, place_id: status === "in_repair" ? place : null })}
            {...(status === instrument.status
              ? { blocked: words.otherState }
              : lacks
                ? { blocked: words.repairerFirst }
                : {})}
          >
            {words.saveState}
          </Button>
        </>
      }
    >
      <SelectField
        label={words.state}
        value={status}
        onChange={(event) => setStatus(event.target.value as Status)}
      >
        {optionsOf(words.statuses).map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </SelectField>
      {status === "in_repair" ? (
        <SelectField
          label={words.repairer}
          value={place}
          fault={faultAt(refusal, "/place_id")}
          onChange={(event) => setPlace(event.target.value)}
        >
          <option value="">{words.chooseRepairer}</option>
          {repair.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </SelectField>
      ) : null}
      {faultsShown(refusal, ["/place_id"]) ? null : <RefusalStrip refusal={refusal} />}
    </Dialog>
  );
}
