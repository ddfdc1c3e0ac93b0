import { useState } from "react";
import { TextField } from "../../ui/field";
import { Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { usePermissions } from "./queries";
import { roleName } from "./role-names";
import { adminWords } from "./words";

/** The one table of who may do what and how far, to be read. */
export default function Permissions() {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const permissions = usePermissions();
  const [typed, setTyped] = useState("");
  return (
    <>
      <TextField
        label={words.filterPermissions}
        type="search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Read of={permissions} lines={10}>
        {(table) => {
          const rows = table.items
            .map(({ permission, reach }) => ({
              permission,
              who: byReach(reach as Record<string, string>).map(
                ([how, roles]) =>
                  `${roles.map((role) => roleName(role, language)).join(", ")} : ${words.reachOf[how] ?? how}`,
              ),
            }))
            .filter((row) =>
              `${row.permission} ${row.who.join(" ")}`.toLowerCase().includes(typed.toLowerCase()),
            );
          if (rows.length === 0) return <Empty>{words.noPermission}</Empty>;
          return (
            <DataTable
              caption={words.permissions}
              captionHidden
              rows={rows}
              keyOf={(row) => row.permission}
              columns={[
                {
                  id: "permission",
                  head: words.permission,
                  cell: (row) => <span className="mono">{row.permission}</span>,
                },
                {
                  id: "who",
                  head: words.who,
                  cell: (row) => (
                    <ul>
                      {row.who.map((line) => (
                        <li key={line}>{line}</li>
                      ))}
                    </ul>
                  ),
                },
              ]}
            />
          );
        }}
      </Read>
    </>
  );
}

/** Roles that reach equally far stand together. */
function byReach(reach: Readonly<Record<string, string>>): [string, string[]][] {
  const found = new Map<string, string[]>();
  for (const [role, how] of Object.entries(reach)) found.set(how, [...(found.get(how) ?? []), role]);
  return [...found];
}
