import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Badge, Empty, Read, RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { Deliveries } from "./deliveries";
import { SubscriptionForm } from "./subscription-form";
import { connectionWords } from "./words";

type Subscription = Schema<"gateway.SubscriptionOut">;
type Act = "ping" | "enable" | "rotate" | "remove";
interface Props {
  readonly query: UseQueryResult<Schema<"gateway.Subscriptions">>;
  readonly clients: readonly Schema<"gateway.ClientOut">[];
}

/** What each machine is told, and whether it hears it. */
export function Subscriptions({ query, clients }: Props) {
  const words = useWords(connectionWords);
  const [creating, create] = useState(false);
  const [edited, edit] = useState<string | null>(null);
  const [secret, show] = useState<string | null>(null);
  const say = useToast();
  const act = (
    <Button
      kind="primary"
      blocked={clients.length === 0 ? words.noClientYet : undefined}
      onClick={() => create(true)}
    >
      {words.subscribe}
    </Button>
  );
  const changed = (made: Subscription | null) => {
    create(false);
    edit(null);
    show(made?.secret ?? null);
    void query.refetch();
  };
  const changing = query.data?.items.find((each) => each.id === edited);
  return (
    <section className="stack">
      <div className="row spread">
        <h2>{words.subscriptions}</h2>
        {query.data?.items.length ? act : null}
      </div>
      <Read of={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty acts={act}>{words.noSubscription}</Empty>
          ) : (
            <ul className="stack">
              {items.map((each) => (
                <li key={each.id} className="panel stack">
                  <Card
                    subscription={each}
                    name={clients.find((client) => client.id === each.client_id)?.name ?? "–"}
                    onEdit={() => edit(each.id)}
                    onChanged={changed}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Read>
      {creating ? (
        <SubscriptionForm clients={clients} onDone={changed} onClose={() => create(false)} />
      ) : null}
      {changing ? (
        <SubscriptionForm
          clients={clients}
          subscription={changing}
          onDone={(saved) => {
            say(words.subscriptionSaved);
            changed(saved);
          }}
          onClose={() => {
            edit(null);
            void query.refetch();
          }}
        />
      ) : null}
      {secret ? <Secret secret={secret} onClose={() => show(null)} /> : null}
    </section>
  );
}

interface CardProps {
  readonly subscription: Subscription;
  readonly name: string;
  readonly onEdit: () => void;
  readonly onChanged: (made: Subscription | null) => void;
}

function Card({ subscription: one, name, onEdit, onChanged }: CardProps) {
  const words = useWords(connectionWords);
  const { language } = useLanguage();
  const say = useToast();
  const [deliveries, show] = useState(false);
  const [removing, remove] = useState(false);
  const command = useCommand(
    async (act: Act, key): Promise<readonly [Act, Subscription | null]> => {
      const sent = { params: { path: { id: one.id } }, headers: { "Idempotency-Key": key } };
      if (act === "ping") return [act, await body(api.POST("/api/gateway/v1/subscriptions/{id}/ping", sent))];
      if (act === "enable")
        return [act, await body(api.POST("/api/gateway/v1/subscriptions/{id}/enable", sent))];
      if (act === "rotate")
        return [act, await body(api.POST("/api/gateway/v1/subscriptions/{id}/rotate-secret", sent))];
      await body(api.DELETE("/api/gateway/v1/subscriptions/{id}", sent));
      return [act, null];
    },
    ([act, after]) => {
      if (act === "remove") say(words.removed);
      if (act === "ping" || act === "enable") say(words.pinged);
      remove(false);
      onChanged(after);
    },
  );
  const state = { pending: "warn", active: "ok", disabled: "danger" } as const;
  const button = (act: Act, label: string, kind: "plain" | "primary" = "plain") => (
    <Button kind={kind} busy={command.pending} onClick={() => void command.run(act)}>
      {label}
    </Button>
  );
  return (
    <>
      <div className="row spread">
        <div className="row">
          <h3>{name}</h3>
          <Badge state={state[one.state]}>{words.states[one.state]}</Badge>
          <span className="muted">{words.modes[one.mode]}</span>
        </div>
        <div className="row">
          {one.state === "disabled"
            ? button("enable", words.enable, "primary")
            : one.mode === "webhook"
              ? button("ping", words.ping, one.state === "pending" ? "primary" : "plain")
              : null}
          <Button onClick={onEdit}>{words.changeSubscription}</Button>
          {one.mode === "webhook" ? button("rotate", words.rotate) : null}
          <Button kind="danger" onClick={() => remove(true)}>
            {words.remove}
          </Button>
        </div>
      </div>
      {one.disabled_reason ? <Strip state="danger">{words.disabledFor[one.disabled_reason]}</Strip> : null}
      {one.failing_since ? (
        <Strip state="warn">{words.failingSince(dayAndTime(one.failing_since, language))}</Strip>
      ) : null}
      {removing ? null : <RefusalStrip refusal={command.refusal} />}
      <dl className="connection-facts">
        {one.url ? (
          <>
            <dt>{words.url}</dt>
            <dd className="mono">{one.url}</dd>
          </>
        ) : null}
        <dt>{words.types}</dt>
        <dd className="mono small">{one.types.join(", ")}</dd>
        <dt>{words.lastSuccess}</dt>
        <dd>{one.last_success_at ? dayAndTime(one.last_success_at, language) : words.never}</dd>
      </dl>
      <details onToggle={(event) => show(event.currentTarget.open)}>
        <summary>{words.showDeliveries}</summary>
        {deliveries ? <Deliveries subscriptionId={one.id} /> : null}
      </details>
      {removing ? (
        <Dialog
          title={words.remove}
          onClose={() => remove(false)}
          foot={
            <>
              <Button onClick={() => remove(false)}>{words.cancel}</Button>
              <Button kind="danger" busy={command.pending} onClick={() => void command.run("remove")}>
                {words.remove}
              </Button>
            </>
          }
        >
          <p>{words.removeText}</p>
          <RefusalStrip refusal={command.refusal} />
        </Dialog>
      ) : null}
    </>
  );
}

/** Shown once; the dialog ends only by saying that it was kept. */
function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const words = useWords(connectionWords);
  const [said, say] = useState("");
  return (
    <Dialog
      title={words.secretTitle}
      onClose={onClose}
      mustAct
      foot={
        <>
          <Button
            kind="primary"
            onClick={() =>
              void navigator.clipboard.writeText(secret).then(
                () => say(words.copied),
                () => say(words.copyFailed),
              )
            }
          >
            {words.copy}
          </Button>
          <Button onClick={onClose}>{words.kept}</Button>
        </>
      }
    >
      <p>{words.secretText}</p>
      <p className="mono connection-secret">{secret}</p>
      <p role="status">{said}</p>
    </Dialog>
  );
}
