import { Badge } from "../ui/state";
import { type Language, useWords } from "../words/language";
import { aged, dateOnly } from "../words/time";
import { patientWords } from "./words";

interface Person {
  readonly display_name: string;
  readonly birth_date: string;
  readonly identity_status: "PROV" | "VALI" | "RECUP" | "QUAL";
  readonly birth_family_name?: string;
}

/** Name, birth date and age of somebody, in a list: what a caller is asked. */
export function PersonLine({ person, language }: { readonly person: Person; readonly language: Language }) {
  return (
    <span className="patients-person">
      <strong>{person.display_name}</strong>
      <span className="muted">
        {dateOnly(person.birth_date, language)}, {aged(person.birth_date, language)}
      </span>
    </span>
  );
}

const STATES = { PROV: "unknown", VALI: "ok", RECUP: "info", QUAL: "ok" } as const;

/** How sure an identity is, by its word. */
export function IdentityBadge({ status }: { readonly status: Person["identity_status"] }) {
  const words = useWords(patientWords);
  return <Badge state={STATES[status]}>{words.statuses[status]}</Badge>;
}
