import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, instantAt, now } from "../../words/time";
import { ifMatch, MEMBERSHIPS, type Membership, type Person, useMemberships } from "./queries";
import { roleName } from "./role-names";
import { RoleSelect } from "./role-select";
import { adminWords } from "./words";

/** What a person may do here, from when to when. */
export function PersonRoles({ person }: { readonly person: Person }) {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const memberships = useMemberships();
  const [giving, setGiving] = useState(false);
  const done = () => {
    say(words.changed);
    void client.invalidateQueries({ queryKey: MEMBERSHIPS });
  };
  const end = useCommand(
    (each: Membership) =>
      body(
        api.PATCH("/api/gateway/v1/memberships/{id}", {
          params: { path: { id: each.id } },
          body: { valid_to: now().toISOString() },
          ...ifMatch(each.version),
        }),
      ),
    done,
  );
  const over = (each: Membership) => each.valid_to !== null && Date.parse(each.valid_to) <= now().getTime();
  return (
    <section className="panel stack">
      <div className="row spread">
        <h2>{words.roles}</h2>
        <Button onClick={() => setGiving(true)}>{words.giveRole}</Button>
      </div>
      <RefusalStrip refusal={end.refusal} />
      <Read of={memberships} lines={2}>
        {(all) => {
          const own = all.filter((each) => each.person_id === person.id);
          if (own.length === 0) return <Empty>{words.noRole}</Empty>;
          return (
            <DataTable
              caption={words.roles}
              captionHidden
              rows={own}
              keyOf={(each) => each.id}
              columns={[
                { id: "role", head: words.role, cell: (each) => roleName(each.role, language) },
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
                      <Badge state="unknown">{words.roleEnded}</Badge>
                    ) : (
                      <Button
                        aria-label={words.endRoleOf(roleName(each.role, language))}
                        onClick={() => void end.run(each)}
                      >
                        {words.endRole}
                      </Button>
                    ),
                },
              ]}
            />
          );
        }}
      </Read>
      {giving ? (
        <GiveRole
          person={person}
          onClose={() => setGiving(false)}
          onGiven={() => {
            setGiving(false);
            done();
          }}
        />
      ) : null}
    </section>
  );
}

function GiveRole({
  person,
  onClose,
  onGiven,
}: {
  readonly person: Person;
  readonly onClose: () => void;
  readonly onGiven: () => void;
}) {
  const words = useWords(adminWords);
  const give = useCommand(
    (form: FormData) =>
      body(
        api.POST("/api/gateway/v1/memberships", {
          body: { person_id: person.id, role: String(form.get("role")), valid_to: endOf(form) },
        }),
      ),
    onGiven,
  );
  return (
    <Dialog title={words.giveRole} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void give.run(new FormData(event.currentTarget));
        }}
      >
        <RefusalStrip refusal={give.refusal} />
        <RoleSelect fault={faultAt(give.refusal, "/role")} />
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
            {words.giveRole}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The end of the chosen day in Paris; none chosen: no end. */
export function endOf(form: FormData): string | null {
  const day = String(form.get("to") ?? "");
  return day ? instantAt(day, "23:59") : null;
}
