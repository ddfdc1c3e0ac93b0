import { useSession } from "../../api/session";
import { SelectField } from "../../ui/field";
import { useLanguage, useWords } from "../../words/language";
import { usePermissions } from "./queries";
import { roleName } from "./role-names";
import { adminWords } from "./words";

/** A role that the own kind of organisation can give. */
export function RoleSelect({ fault }: { readonly fault?: string | undefined }) {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const table = usePermissions().data?.roles_of_kind as
    | Readonly<Record<string, readonly string[]>>
    | undefined;
  const roles = table?.[session.context?.organisation_kind ?? ""] ?? [];
  const named = roles.map((role) => [role, roleName(role, language)] as const);
  return (
    <SelectField label={words.role} name="role" fault={fault} required>
      {named
        .sort((a, b) => a[1].localeCompare(b[1], language))
        .map(([role, name]) => (
          <option key={role} value={role}>
            {name}
          </option>
        ))}
    </SelectField>
  );
}
