import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../../ui/button";
import { SelectField, TextField } from "../../ui/field";
import { Badge, Empty, Read, type State } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, dayAndTime } from "../../words/time";
import { Invite } from "./invite";
import { type Person, useMemberships, usePersons } from "./queries";
import { roleName } from "./role-names";
import { adminWords } from "./words";

export const STATES: Readonly<Record<Person["status"], State>> = {
  active: "ok",
  invited: "info",
  suspended: "warn",
  closed: "unknown",
};
const SHOWN = 100;

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Accounts of the own organisation, found by name, login or address. */
export function Persons() {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const persons = usePersons();
  const memberships = useMemberships();
  const [typed, setTyped] = useState("");
  const [status, setStatus] = useState("");
  const [most, setMost] = useState(SHOWN);
  const [inviting, setInviting] = useState(false);
  const roles = new Map<string, string[]>();
  for (const each of memberships.data ?? []) {
    if (each.valid_to === null)
      roles.set(each.person_id, [...(roles.get(each.person_id) ?? []), roleName(each.role, language)]);
  }
  const parts = plain(typed).split(/\s+/).filter(Boolean);
  const fits = (each: Person) =>
    (!status || each.status === status) &&
    parts.every((part) => plain(`${each.display_name} ${each.login} ${each.email ?? ""}`).includes(part));
  return (
    <>
      <div className="admin-filters">
        <TextField
          label={words.find}
          hint={words.findHint}
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <SelectField label={words.state} value={status} onChange={(event) => setStatus(event.target.value)}>
          <option value="">{words.anyStatus}</option>
          {Object.keys(STATES).map((code) => (
            <option key={code} value={code}>
              {words.statusName(code)}
            </option>
          ))}
        </SelectField>
        <Button kind="primary" onClick={() => setInviting(true)}>
          <UserPlus size={18} aria-hidden="true" />
          {words.invite}
        </Button>
      </div>
      <Read of={persons} lines={8}>
        {(all) => {
          const found = all
            .filter(fits)
            .sort((a, b) => a.display_name.localeCompare(b.display_name, language));
          if (found.length === 0) return <Empty>{words.nobody}</Empty>;
          return (
            <DataTable
              caption={words.shown(found.length)}
              rows={found.slice(0, most)}
              keyOf={(each) => each.id}
              onMore={found.length > most ? () => setMost(most + SHOWN) : undefined}
              columns={[
                {
                  id: "name",
                  head: words.name,
                  cell: (each) => <Link href={`/admin/persons/${each.id}`}>{each.display_name}</Link>,
                },
                {
                  id: "login",
                  head: words.login,
                  cell: (each) => <span className="mono">{each.login}</span>,
                },
                { id: "roles", head: words.roles, cell: (each) => roles.get(each.id)?.join(", ") ?? "" },
                {
                  id: "state",
                  head: words.state,
                  cell: (each) => <Badge state={STATES[each.status]}>{words.statusName(each.status)}</Badge>,
                },
                {
                  id: "last",
                  head: words.lastSignIn,
                  cell: (each) =>
                    each.last_sign_in_at ? (
                      <span title={dayAndTime(each.last_sign_in_at, language)}>
                        {dateOnly(each.last_sign_in_at, language)}
                      </span>
                    ) : (
                      words.never
                    ),
                },
              ]}
            />
          );
        }}
      </Read>
      {inviting ? <Invite onClose={() => setInviting(false)} /> : null}
    </>
  );
}
