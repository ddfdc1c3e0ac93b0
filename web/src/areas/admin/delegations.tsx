import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextArea, TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, now } from "../../words/time";
import { endOf } from "./person-roles";
import { everyPage, ifMatch } from "./queries";
import { adminWords } from "./words";

type Delegation = Schema<"gateway.DelegationOut">;
const KEY = ["gateway", "delegations"];

/** Who acts for the own organisation, and for whom it acts. Only one's own can be given or ended. */
export default function Delegations() {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const client = useQueryClient();
  const say = useToast();
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Delegation | null>(null);
  const delegations = useLiveQuery({
    queryKey: KEY,
    queryFn: () =>
      everyPage((cursor) =>
        body(
          api.GET("/api/gateway/v1/delegations", {
            params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } },
          }),
        ),
      ),
    topics: ["gateway.delegation_changed"],
  });
  const done = () => {
    setAdding(false);
    setEnding(null);
    say(words.changed);
    void client.invalidateQueries({ queryKey: KEY });
  };
  const over = (each: Delegation) => each.valid_to !== null && Date.parse(each.valid_to) <= now().getTime();
  const own = (each: Delegation) => each.client_id === session.context?.organisation_id;
  return (
    <>
      <div className="row">
        <Button kind="primary" onClick={() => setAdding(true)}>
          {words.addDelegation}
        </Button>
      </div>
      <Read of={delegations}>
        {(all) =>
          all.length === 0 ? (
            <Empty>{words.noDelegations}</Empty>
          ) : (
            <DataTable
              caption={words.delegations}
              captionHidden
              rows={all}
              keyOf={(each) => each.id}
              columns={[
                { id: "provider", head: words.provider, cell: (each) => each.provider_name },
                { id: "client", head: words.client, cell: (each) => each.client_name },
                {
                  id: "what",
                  head: words.what,
                  cell: (each) => <span className="mono admin-facts">{each.permissions.join(" ")}</span>,
                },
                { id: "from", head: words.begin, cell: (each) => dateOnly(each.valid_from, language) },
                {
                  id: "to",
                  head: words.end,
                  cell: (each) => (each.valid_to ? dateOnly(each.valid_to, language) : words.noEnd),
                },
                {
                  id: "act",
                  head: <span className="visually-hidden">{words.act}</span>,
                  cell: (each) =>
                    over(each) ? (
                      <Badge state="unknown">{words.over}</Badge>
                    ) : own(each) ? (
                      <Button kind="danger" onClick={() => setEnding(each)}>
                        {words.endRole}
                        <span className="visually-hidden"> {each.provider_name}</span>
                      </Button>
                    ) : null,
                },
              ]}
            />
          )
        }
      </Read>
      {adding ? <Delegate onClose={() => setAdding(false)} onDone={done} /> : null}
      {ending ? <End delegation={ending} onClose={() => setEnding(null)} onDone={done} /> : null}
    </>
  );
}

interface Asking {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Delegate({ onClose, onDone }: Asking) {
  const words = useWords(adminWords);
  const give = useCommand(
    (form: FormData) =>
      body(
        api.POST("/api/gateway/v1/delegations", {
          body: {
            provider_id: String(form.get("provider_id")).trim(),
            permissions: String(form.get("permissions")).split(/\s+/).filter(Boolean),
            valid_to: endOf(form),
          },
        }),
      ),
    onDone,
  );
  return (
    <Dialog title={words.addDelegation} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void give.run(new FormData(event.currentTarget));
        }}
      >
        <RefusalStrip refusal={give.refusal} />
        <TextField
          label={words.providerId}
          hint={words.providerHint}
          name="provider_id"
          className="mono"
          fault={faultAt(give.refusal, "/provider_id")}
          required
        />
        <TextArea
          label={words.permissionsField}
          hint={words.permissionsHint}
          name="permissions"
          className="mono"
          fault={faultAt(give.refusal, "/permissions")}
          required
        />
        <TextField
          label={words.end}
          hint={words.noEnd}
          name="to"
          type="date"
          fault={faultAt(give.refusal, "/valid_to")}
        />
        <div className="foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={give.pending}>
            {words.delegate}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function End({ delegation, onClose, onDone }: Asking & { readonly delegation: Delegation }) {
  const words = useWords(adminWords);
  const end = useCommand(
    (_: null) =>
      body(
        api.PATCH("/api/gateway/v1/delegations/{id}", {
          params: { path: { id: delegation.id } },
          body: { valid_to: now().toISOString() },
          ...ifMatch(delegation.version),
        }),
      ),
    onDone,
  );
  return (
    <Dialog
      title={words.endDelegation}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" busy={end.pending} onClick={() => void end.run(null)}>
            {words.endDelegation}
          </Button>
        </>
      }
    >
      <p>
        <strong>{delegation.provider_name}</strong>
      </p>
      <p>{words.endDelegationText}</p>
      <RefusalStrip refusal={end.refusal} />
    </Dialog>
  );
}
