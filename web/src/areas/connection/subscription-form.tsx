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
  /** The one that is changed; none: a new one. */
  readonly subscription?: Schema<"gateway.SubscriptionOut">;
  readonly onDone: (made: Schema<"gateway.SubscriptionOut">) => void;
  readonly onClose: () => void;
}

/** Which machine, how, which events. What is allowed is the door's to say. */
export function SubscriptionForm({ clients, subscription, onDone, onClose }: Props) {
  const words = useWords(connectionWords);
  const [mode, setMode] = useState<"webhook" | "pull">(subscription?.mode ?? "webhook");
  const command = useCommand((sent: Schema<"gateway.SubscriptionIn">, key) => {
    const headers = { "Idempotency-Key": key };
    if (!subscription) return body(api.POST("/api/gateway/v1/subscriptions", { body: sent, headers }));
    const { types, url } = sent;
    return body(
      api.PATCH("/api/gateway/v1/subscriptions/{id}", {
        params: { path: { id: subscription.id } },
        body: url ? { types, url } : { types },
        headers: { ...headers, "If-Match": `"${subscription.version}"` },
      }),
    );
  }, onDone);
  return (
    <Dialog title={subscription ? words.changeSubscription : words.subscribe} onClose={onClose} wide>
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
        {subscription ? null : (
          <>
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
          </>
        )}
        {mode === "webhook" ? (
          <TextField
            label={words.url}
            name="url"
            type="url"
            required
            hint={subscription?.state === "active" ? words.urlAsked : undefined}
            defaultValue={subscription?.url ?? undefined}
            fault={faultAt(command.refusal, "/url")}
          />
        ) : null}
        <fieldset className="stack">
          <legend>{words.types}</legend>
          <p className="muted small">{words.typesHint}</p>
          <div className="connection-choices">
            {EVENTS.filter((name) => name.startsWith("cooperation.")).map((name) => (
              <Check
                key={name}
                label={<span className="mono small">{name}</span>}
                name="type"
                value={name}
                defaultChecked={subscription?.types.includes(`${name}.v1`) ?? false}
              />
            ))}
          </div>
        </fieldset>
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {subscription ? words.save : words.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
