import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useWords } from "../../words/language";
import { Invited } from "./invite";
import { OrganisationForm } from "./organisation-form";
import { everyPage, textOf, usePermissions } from "./queries";
import { adminWords } from "./words";

type Kind = Schema<"gateway.OrganisationIn">["kind"];
export const ORGANISATIONS = ["gateway", "organisations"];

/** The own organisation; for the operator, all of the territory, and a new one with its first administrator. */
export default function Organisations() {
  const words = useWords(adminWords);
  const { session } = useSession();
  const [adding, setAdding] = useState(false);
  const [opened, open] = useState<string | null>(null);
  const organisations = useLiveQuery({
    queryKey: ORGANISATIONS,
    queryFn: () =>
      everyPage((cursor) =>
        body(
          api.GET("/api/gateway/v1/organisations", {
            params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } },
          }),
        ),
      ),
    topics: ["gateway.organisation_changed"],
  });
  return (
    <>
      {session.context?.organisation_kind === "operator" ? (
        <div className="row">
          <Button kind="primary" onClick={() => setAdding(true)}>
            {words.addOrganisation}
          </Button>
        </div>
      ) : null}
      <Read of={organisations}>
        {(all) =>
          all.length === 0 ? (
            <Empty>{words.noOrganisations}</Empty>
          ) : (
            <DataTable
              caption={words.organisations}
              captionHidden
              rows={all}
              keyOf={(each) => each.id}
              columns={[
                {
                  id: "name",
                  head: words.organisationName,
                  cell: (each) => (
                    <Button kind="quiet" className="admin-opens" onClick={() => open(each.id)}>
                      {each.name}
                    </Button>
                  ),
                },
                { id: "kind", head: words.kind, cell: (each) => words.kindName(each.kind) },
                {
                  id: "ids",
                  head: words.identifiers,
                  cell: (each) => (
                    <span className="mono admin-facts">
                      {each.identifiers.map((one) => `${one.system} ${one.value}`).join(", ") || each.id}
                    </span>
                  ),
                },
                { id: "territory", head: words.territory, cell: (each) => each.territory },
                {
                  id: "state",
                  head: words.state,
                  cell: (each) => (
                    <Badge state={each.active ? "ok" : "unknown"}>
                      {each.active ? words.active : words.inactive}
                    </Badge>
                  ),
                },
              ]}
            />
          )
        }
      </Read>
      {opened && organisations.data ? (
        <OrganisationForm
          key={opened}
          organisation={organisations.data.find((each) => each.id === opened) ?? null}
          again={async () => (await organisations.refetch()).data?.find((each) => each.id === opened)}
          onClose={() => open(null)}
        />
      ) : null}
      {adding ? <Create onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function Create({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(adminWords);
  const client = useQueryClient();
  const kinds = Object.keys(usePermissions().data?.roles_of_kind ?? {});
  const create = useCommand(
    (form: FormData) =>
      body(
        api.POST("/api/gateway/v1/organisations", {
          body: {
            name: textOf(form, "name") ?? "",
            kind: String(form.get("kind")) as Kind,
            identifiers: [],
            administrator: {
              display_name: textOf(form, "display_name") ?? "",
              login: textOf(form, "login") ?? "",
              email: textOf(form, "email"),
            },
          },
        }),
      ),
    () => void client.invalidateQueries({ queryKey: ORGANISATIONS }),
  );
  if (create.done?.administrator) return <Invited person={create.done.administrator} onClose={onClose} />;
  const fault = (pointer: string) => faultAt(create.refusal, pointer);
  return (
    <Dialog title={words.addOrganisation} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void create.run(new FormData(event.currentTarget));
        }}
      >
        <RefusalStrip refusal={create.refusal} />
        <TextField label={words.organisationName} name="name" fault={fault("/name")} required />
        <SelectField label={words.kind} name="kind" fault={fault("/kind")}>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {words.kindName(kind)}
            </option>
          ))}
        </SelectField>
        <fieldset className="stack">
          <legend>{words.administrator}</legend>
          <TextField
            label={words.name}
            name="display_name"
            fault={fault("/administrator/display_name")}
            required
          />
          <TextField
            label={words.login}
            hint={words.loginHint}
            name="login"
            autoComplete="off"
            autoCapitalize="none"
            fault={fault("/administrator/login")}
            required
          />
          <TextField
            label={words.email}
            hint={words.emailHint}
            name="email"
            type="email"
            fault={fault("/administrator/email")}
          />
        </fieldset>
        <div className="foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={create.pending}>
            {words.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
