import type { Schema } from "../../../api/client";
import { SmallRows } from "../../../records/rows";
import { type Edited, optionsOf } from "../../../records/values";
import { Check, SelectField } from "../../../ui/field";
import { useWords } from "../../../words/language";
import { instructionWords } from "./words";

export type Contact = Schema<"telesecretariat.ContactOut">;
type Words = (typeof instructionWords)["fr"];

/** « remplaçant, par téléphone »: whom to reach at once, and how; the addresses are those of messages. */
export function contactsText(contacts: readonly Contact[] | null | undefined, words: Words): string {
  if (!contacts) return words.inherited;
  if (contacts.length === 0) return words.nobodyUrgent;
  return contacts
    .map((each) => `${words.contactRoles[each.role]} (${words.contactChannels[each.channel]})`)
    .join(", ");
}

/** Whom to reach in an emergency, in order; unless it is said, the wider level's contacts hold. */
export function Contacts({ value, change }: Edited) {
  const words = useWords(instructionWords);
  const contacts = value as readonly Contact[] | null | undefined;
  const own = contacts !== null && contacts !== undefined;
  return (
    <div className="stack">
      <Check
        label={words.ownContacts}
        checked={own}
        onChange={(event) =>
          change(event.target.checked ? [{ role: "backup", channel: "phone" } satisfies Contact] : null)
        }
      />
      {own ? (
        <SmallRows<Contact>
          legend={words.contacts}
          hint={words.contactsHint}
          add={words.addContact}
          most={10}
          rows={contacts}
          blank={{ role: "supervisor", channel: "phone" }}
          onChange={change}
          edit={(row, set) => (
            <>
              <SelectField
                label={words.contactWho}
                value={row.role}
                onChange={(event) => set({ role: event.target.value as Contact["role"] })}
              >
                {optionsOf(words.contactRoles).map((each) => (
                  <option key={each.value} value={each.value}>
                    {each.label}
                  </option>
                ))}
              </SelectField>
              <SelectField
                label={words.contactBy}
                value={row.channel}
                onChange={(event) => set({ channel: event.target.value as Contact["channel"] })}
              >
                {optionsOf(words.contactChannels).map((each) => (
                  <option key={each.value} value={each.value}>
                    {each.label}
                  </option>
                ))}
              </SelectField>
            </>
          )}
        />
      ) : null}
    </div>
  );
}
