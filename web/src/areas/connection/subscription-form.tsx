import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { EVENTS } from "../../api/events";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Check, faultAt, SelectField, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { connectionWords } from "./words";

interface Props {
  readonly clients: readonly Schema<"gateway.ClientOut">[];
  readonly onDone: (made: Schema<"gateway.SubscriptionOut">) => void;
  readonly onClose: () => void;
}

/** Which machine, how, which events. What is allowed is the door's to say. */
export function SubscriptionForm({ clients, onDone, onClose }: Props) {
  const words = useWords(connectionWords);
  const [mode, setMode] = useState<"webhook" | "pull">("webhook");
  const command = useCommand(
    (sent: Schema<"gateway.SubscriptionIn">, key) =>
      body(api.POST("/api/gateway/v1/subscriptions", { body: sent, headers: { "Idempotency-Key": key } })),
    onDone,
  );
  return (
    <Dialog title={words.subscribe} onClose={onClose} wide>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          void command.run({
            client_id: String(form.get("client")),
            mode,
            types: form.getAll("type").map((name) => `${name}.v1`),
            ...(mode === "webhook" ? { url: String(form.get("url")).trim() } : {}),
          });
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        <SelectField label={words.forClient} name="client">
          {clients.map((client) => (
            <option key={client.id} value={client.id}>
              {client.name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.mode}
          value={mode}
          onChange={(event) => setMode(event.target.value as typeof mode)}
        >
          <option value="webhook">{words.modes.webhook}</option>
          <option value="pull">{words.modes.pull}</option>
        </SelectField>
        {mode === "webhook" ? (
          <TextField
            label={words.url}
            name="url"
            type="url"
            required
            fault={faultAt(command.refusal, "/url")}
          />
        ) : null}
        <fieldset className="stack">
          <legend>{words.types}</legend>
          <p className="muted small">{words.typesHint}</p>
          <div className="connection-choices">
            {EVENTS.filter((name) => name.startsWith("cooperation.")).map((name) => (
              <Check key={name} label={<span className="mono small">{name}</span>} name="type" value={name} />
            ))}
          </div>
        </fieldset>
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
