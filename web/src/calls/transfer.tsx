import { useState } from "react";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Check, faultAt, SelectField, TextField } from "../ui/field";
import { Loading, RefusalStrip, Strip } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { timeOfDay } from "../words/time";
import { once, useCatalogue } from "./acts";
import { type Colleague, keepNote, useColleagues } from "./colleagues";
import type { CallFile } from "./desk";
import { spoken } from "./phone";
import type { Act } from "./seat-state";
import { callWords } from "./words";

interface Props {
  readonly callId: string;
  readonly file: CallFile | null;
  readonly act: Act;
  readonly onClose: () => void;
}

/** To whom the caller goes: a colleague who is ready, one of the centre's destinations, or a French number. */
export function Transfer({ onClose, ...rest }: Props) {
  const words = useWords(callWords);
  const colleagues = useColleagues(rest.callId);
  return (
    <Dialog title={words.transferTitle} onClose={onClose}>
      {colleagues.isPending ? (
        <Loading lines={3} />
      ) : (
        <Chosen
          {...rest}
          onClose={onClose}
          colleagues={colleagues.data ?? []}
          onStale={() => void colleagues.refetch()}
        />
      )}
    </Dialog>
  );
}

interface ChosenProps extends Props {
  readonly colleagues: readonly Colleague[];
  readonly onStale: () => void;
}

const NUMBER = "other";

function Chosen({ callId, file, act, onClose, colleagues, onStale }: ChosenProps) {
  const words = useWords(callWords);
  const { language } = useLanguage();
  const places = useCatalogue("destination").filter((each) => each.facts.number);
  const [to, setTo] = useState<string | null>(null);
  const [number, setNumber] = useState("");
  const [warm, setWarm] = useState(true);
  const first = colleagues[0]?.id ?? places[0]?.facts.number ?? NUMBER;
  const gone = to !== null && /^[0-9a-f]{8}-/.test(to) && !colleagues.some((each) => each.id === to);
  const chosen = to === null || gone ? first : to;
  const colleague = colleagues.some((each) => each.id === chosen);
  const target = chosen === NUMBER ? number.trim() : chosen;
  const taken = act.refusal?.code === "AGENT_NOT_CAPABLE";
  const fault =
    faultAt(act.refusal, "/to") ??
    (act.refusal?.code === "NUMBER_NOT_ALLOWED" ? act.refusal.detail : undefined);
  const send = async () => {
    if (!target) return;
    const done = await act.run(async (key) => {
      await keepNote(callId, file);
      return body(
        api.POST("/api/telesecretariat/v1/calls/{call_id}/transfer", {
          params: { path: { call_id: callId } },
          body: { to: target, mode: warm ? "warm" : "cold" },
          ...once(key),
        }),
      );
    });
    if (done) onClose();
    else onStale();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {colleagues.length === 0 ? <p className="muted">{words.noColleague}</p> : null}
      <SelectField
        label={words.transferTo}
        autoFocus
        value={chosen}
        onChange={(event) => setTo(event.target.value)}
        // Enter would open the list: F7 and Enter are the whole way to who is first in it. Space opens it.
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      >
        {colleagues.length > 0 ? (
          <optgroup label={words.colleagues}>
            {colleagues.map((each) => (
              <option key={each.id} value={each.id}>
                {each.idle_since
                  ? `${each.label} · ${words.freeSince(timeOfDay(each.idle_since, language))}`
                  : each.label}
              </option>
            ))}
          </optgroup>
        ) : null}
        {places.length > 0 ? (
          <optgroup label={words.places}>
            {places.map((place) => (
              <option key={place.code} value={place.facts.number ?? ""}>
                {`${place.label} · ${spoken(place.facts.number ?? "")}`}
              </option>
            ))}
          </optgroup>
        ) : null}
        <option value={NUMBER}>{words.otherNumber}</option>
      </SelectField>
      {chosen === NUMBER ? (
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
      <p className="small muted">
        {colleague
          ? warm
            ? words.warmColleague
            : words.coldColleague
          : warm
            ? words.warmNumber
            : words.coldNumber}
      </p>
      {taken ? (
        <Strip state="warn" role="alert">
          {words.colleagueTaken}
        </Strip>
      ) : fault && chosen === NUMBER ? null : (
        <RefusalStrip refusal={act.refusal} />
      )}
      <div className="foot">
        <Button type="submit" kind="primary" busy={act.pending}>
          {words.transferNow}
        </Button>
      </div>
    </form>
  );
}
