import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, dayAndTime } from "../../words/time";
import { ClientForm } from "./client-form";
import { connectionWords } from "./words";

export type Client = Schema<"gateway.ClientOut">;

/** Each machine with what it may do and why it was last refused. */
export function Clients({ query }: { readonly query: UseQueryResult<Schema<"gateway.Clients">> }) {
  const words = useWords(connectionWords);
  const [opened, open] = useState<Client | "new" | null>(null);
  const done = () => {
    open(null);
    void query.refetch();
  };
  const register = (
    <Button kind="primary" onClick={() => open("new")}>
      {words.register}
    </Button>
  );
  return (
    <section className="stack">
      <div className="row spread">
        <h2>{words.clients}</h2>
        {query.data?.items.length ? register : null}
      </div>
      <Read of={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty acts={register}>{words.noClient}</Empty>
          ) : (
            <ul className="stack">
              {items.map((client) => (
                <li key={client.id} className="panel stack">
                  <Card client={client} onEdit={() => open(client)} onChanged={done} />
                </li>
              ))}
            </ul>
          )
        }
      </Read>
      {opened ? (
        <ClientForm client={opened === "new" ? null : opened} onDone={done} onClose={() => open(null)} />
      ) : null}
    </section>
  );
}

interface CardProps {
  readonly client: Client;
  readonly onEdit: () => void;
  readonly onChanged: () => void;
}

function Card({ client, onEdit, onChanged }: CardProps) {
  const words = useWords(connectionWords);
  const { language } = useLanguage();
  const suspended = client.status === "suspended";
  const turn = useCommand((_: null, key) => {
    const sent = { params: { path: { id: client.id } }, headers: { "Idempotency-Key": key } };
    return suspended
      ? body(api.POST("/api/gateway/v1/clients/{id}/resume", sent))
      : body(api.POST("/api/gateway/v1/clients/{id}/suspend", sent));
  }, onChanged);
  return (
    <>
      <div className="row spread">
        <div className="row">
          <h3>{client.name}</h3>
          <Badge state={suspended ? "danger" : "ok"}>{suspended ? words.suspended : words.active}</Badge>
        </div>
        <div className="row">
          <Button onClick={onEdit}>{words.edit}</Button>
          <Button
            kind={suspended ? "plain" : "danger"}
            busy={turn.pending}
            onClick={() => void turn.run(null)}
          >
            {suspended ? words.resume : words.suspend}
          </Button>
        </div>
      </div>
      <RefusalStrip refusal={turn.refusal} />
      <dl className="connection-facts">
        <dt>{words.identifier}</dt>
        <dd className="mono">{client.id}</dd>
        <dt>{words.tokenUrl}</dt>
        <dd className="mono">{client.token_url}</dd>
        <dt>{words.scopes}</dt>
        <dd className="mono">{client.scopes.join(", ")}</dd>
        <dt>{words.keys}</dt>
        <dd>
          {client.jwks_url ? <p>{words.keysFrom(client.jwks_url)}</p> : null}
          {client.keys.map((key) => (
            <p key={key.thumbprint}>
              {words.key(key.kid, key.alg ?? words.anyAlg, dateOnly(key.known_from, language))}
            </p>
          ))}
          <p className="muted small">{words.certificateNote}</p>
        </dd>
        <dt>{words.lastUse}</dt>
        <dd>
          {client.last_used_at ? dayAndTime(client.last_used_at, language) : words.never},{" "}
          {words.today(client.requests_today)}
        </dd>
        <dt>{words.lastRefusal}</dt>
        <dd>
          {client.last_refusal ? (
            <>
              {client.last_refusal.detail}{" "}
              <span className="muted small">{dayAndTime(client.last_refusal.at, language)}</span>
            </>
          ) : (
            words.noRefusal
          )}
        </dd>
      </dl>
    </>
  );
}
