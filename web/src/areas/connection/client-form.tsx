import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Check, faultAt, SelectField, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import type { Client } from "./clients";
import { connectionWords } from "./words";

interface Props {
  readonly client: Client | null;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
type Keys = { readonly jwks_url: string } | { readonly jwks: Record<string, never> } | Record<string, never>;

/** A machine, its rights, and its public keys by address or by file. A private key never comes here. */
export function ClientForm({ client, onDone, onClose }: Props) {
  const words = useWords(connectionWords);
  const say = useToast();
  const { data: table } = useQuery({
    queryKey: ["gateway", "permissions"],
    queryFn: () => body(api.GET("/api/gateway/v1/permissions")),
  });
  const [source, setSource] = useState(client ? "keep" : "url");
  const [badFile, setBadFile] = useState(false);
  const scopes = (table?.items ?? [])
    .map((row) => row.permission)
    .filter((name) => name.startsWith("cooperation:") || name === "gateway:subscription.write");
  const command = useCommand(
    (sent: Schema<"gateway.ClientIn">, key) => {
      const headers = { "Idempotency-Key": key };
      if (!client) return body(api.POST("/api/gateway/v1/clients", { body: sent, headers }));
      const { name, scopes: wanted, jwks, jwks_url } = sent;
      const patch = {
        name,
        scopes: wanted,
        ...(jwks === undefined ? {} : { jwks }),
        ...(jwks_url === undefined ? {} : { jwks_url }),
      };
      return body(
        api.PATCH("/api/gateway/v1/clients/{id}", {
          params: { path: { id: client.id } },
          body: patch,
          headers: { ...headers, "If-Match": `"${client.version}"` },
        }),
      );
    },
    () => {
      say(client ? words.saved : words.registered);
      onDone();
    },
  );
  const submit = async (form: FormData) => {
    let keys: Keys = {};
    if (source === "url") keys = { jwks_url: String(form.get("jwks_url")).trim() };
    if (source === "file") {
      try {
        keys = { jwks: JSON.parse(await (form.get("jwks") as File).text()) };
      } catch {
        setBadFile(true);
        return;
      }
    }
    void command.run({
      name: String(form.get("name")).trim(),
      scopes: form.getAll("scope").map(String),
      ...keys,
    } as Schema<"gateway.ClientIn">);
  };
  return (
    <Dialog title={client ? words.edit : words.register} onClose={onClose} wide>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setBadFile(false);
          void submit(new FormData(event.currentTarget));
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        <TextField
          label={words.name}
          name="name"
          required
          maxLength={120}
          defaultValue={client?.name}
          fault={faultAt(command.refusal, "/name")}
        />
        <SelectField
          label={words.keySource}
          value={source}
          onChange={(event) => setSource(event.target.value)}
        >
          {client ? <option value="keep">{words.keepKeys}</option> : null}
          <option value="url">{words.byUrl}</option>
          <option value="file">{words.byFile}</option>
        </SelectField>
        {source === "url" ? (
          <TextField
            label={words.jwksUrl}
            name="jwks_url"
            type="url"
            required
            defaultValue={client?.jwks_url ?? undefined}
            fault={faultAt(command.refusal, "/jwks_url")}
          />
        ) : null}
        {source === "file" ? (
          <TextField
            label={words.jwksFile}
            name="jwks"
            type="file"
            accept=".json,application/json"
            required
            fault={badFile ? words.notJson : faultAt(command.refusal, "/jwks")}
          />
        ) : null}
        <fieldset className="stack">
          <legend>{words.scopes}</legend>
          <p className="muted small">{words.scopeHint}</p>
          <div className="connection-choices">
            {scopes.map((scope) => (
              <Check
                key={scope}
                label={<span className="mono">{scope}</span>}
                name="scope"
                value={scope}
                defaultChecked={client?.scopes.includes(scope) ?? false}
              />
            ))}
          </div>
        </fieldset>
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {client ? words.save : words.register}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
