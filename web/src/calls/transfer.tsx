import { useState } from "react";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Check, faultAt, SelectField, TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useWords } from "../words/language";
import { once, useCatalogue } from "./acts";
import { spoken } from "./phone";
import type { Act } from "./seat-state";
import { callWords } from "./words";

interface Props {
  readonly callId: string;
  readonly act: Act;
  readonly onClose: () => void;
}

/** To whom the caller goes: one of the centre's destinations, or a French number. */
export function Transfer({ callId, act, onClose }: Props) {
  const words = useWords(callWords);
  const places = useCatalogue("destination").filter((each) => each.facts.number);
  const [to, setTo] = useState("");
  const [number, setNumber] = useState("");
  const [warm, setWarm] = useState(true);
  const chosen = to || (places[0]?.facts.number ?? "other");
  const target = chosen === "other" ? number.trim() : chosen;
  const fault =
    faultAt(act.refusal, "/to") ??
    (act.refusal?.code === "NUMBER_NOT_ALLOWED" ? act.refusal.detail : undefined);
  return (
    <Dialog title={words.transferTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!target) return;
          void act
            .run((key) =>
              body(
                api.POST("/api/telesecretariat/v1/calls/{call_id}/transfer", {
                  params: { path: { call_id: callId } },
                  body: { to: target, mode: warm ? "warm" : "cold" },
                  ...once(key),
                }),
              ),
            )
            .then((done) => done && onClose());
        }}
      >
        <SelectField
          label={words.transferTo}
          autoFocus
          value={chosen}
          onChange={(event) => setTo(event.target.value)}
        >
          {places.map((place) => (
            <option key={place.code} value={place.facts.number ?? ""}>
              {`${place.label} · ${spoken(place.facts.number ?? "")}`}
            </option>
          ))}
          <option value="other">{words.otherNumber}</option>
        </SelectField>
        {chosen === "other" ? (
          <TextField
            label={words.transferNumber}
            type="tel"
            required
            value={number}
            fault={fault}
            onChange={(event) => setNumber(event.target.value)}
          />
        ) : null}
        <Check label={words.warm} checked={warm} onChange={(event) => setWarm(event.target.checked)} />
        {fault && chosen === "other" ? null : <RefusalStrip refusal={act.refusal} />}
        <div className="foot">
          <Button type="submit" kind="primary" busy={act.pending}>
            {words.transferNow}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
