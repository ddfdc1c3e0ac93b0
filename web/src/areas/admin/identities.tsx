import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { everyPage, ifMatch } from "./queries";
import { roleName } from "./role-names";
import { RoleSelect } from "./role-select";
import { adminWords } from "./words";

type Expected = Schema<"gateway.ExpectedOut">;
const KEY = ["gateway", "expected-identities"];

/** Identities registered before their first visit, and the role they will have. */
export default function Identities() {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const identities = useQuery({
    queryKey: KEY,
    queryFn: () =>
      everyPage((cursor) =>
        body(
          api.GET("/api/gateway/v1/expected-identities", {
            params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } },
          }),
        ),
      ),
  });
  const again = () => void client.invalidateQueries({ queryKey: KEY });
  const turn = useCommand(
    (each: Expected) =>
      body(
        api.PATCH("/api/gateway/v1/expected-identities/{id}", {
          params: { path: { id: each.id } },
          body: { active: !each.active },
          ...ifMatch(each.version),
        }),
      ),
    again,
  );
  return (
    <>
      <p className="muted">{words.identitiesText}</p>
      <div className="row">
        <Button kind="primary" onClick={() => setAdding(true)}>
          {words.addIdentity}
        </Button>
      </div>
      <RefusalStrip refusal={turn.refusal} />
      <Read of={identities}>
        {(all) =>
          all.length === 0 ? (
            <Empty>{words.noIdentities}</Empty>
          ) : (
            <DataTable
              caption={words.identities}
              captionHidden
              rows={all}
              keyOf={(each) => each.id}
              columns={[
                {
                  id: "value",
                  head: words.value,
                  cell: (each) => <span className="mono">{each.value}</span>,
                },
                { id: "system", head: words.system, cell: (each) => each.system },
                { id: "role", head: words.role, cell: (each) => roleName(each.role, language) },
                {
                  id: "state",
                  head: words.state,
                  cell: (each) => (
                    <Badge state={!each.active ? "unknown" : each.used_at ? "ok" : "info"}>
                      {!each.active ? words.switchedOff : each.used_at ? words.used : words.waiting}
                    </Badge>
                  ),
                },
                {
                  id: "act",
                  head: <span className="visually-hidden">{words.act}</span>,
                  cell: (each) => (
                    <Button onClick={() => void turn.run(each)}>
                      {each.active ? words.switchOff : words.switchOn}
                      <span className="visually-hidden"> {each.value}</span>
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Read>
      {adding ? (
        <Expect
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            again();
          }}
        />
      ) : null}
    </>
  );
}

function Expect({ onClose, onAdded }: { readonly onClose: () => void; readonly onAdded: () => void }) {
  const words = useWords(adminWords);
  const add = useCommand(
    (form: FormData) =>
      body(
        api.POST("/api/gateway/v1/expected-identities", {
          body: {
            system: String(form.get("system")).trim(),
            value: String(form.get("value")).trim(),
            role: String(form.get("role")),
          },
        }),
      ),
    onAdded,
  );
  return (
    <Dialog title={words.addIdentity} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void add.run(new FormData(event.currentTarget));
        }}
      >
        <RefusalStrip refusal={add.refusal} />
        <TextField
          label={words.value}
          name="value"
          inputMode="numeric"
          fault={faultAt(add.refusal, "/value")}
          required
        />
        <TextField
          label={words.system}
          name="system"
          defaultValue="rpps"
          fault={faultAt(add.refusal, "/system")}
          required
        />
        <RoleSelect fault={faultAt(add.refusal, "/role")} />
        <div className="foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={add.pending}>
            {words.await}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
