import type { Schema } from "../api/client";
import type { Criteria } from "./criteria";
import { readBirthDate } from "./criteria";
import { phoneText } from "./phone";
import type { Patient } from "./queries";

export type ContactKind = Schema<"appointments.ContactIn">["kind"];
export type Flag = "interpreter" | "mobility";

export interface DraftContact {
  readonly id: string;
  readonly kind: ContactKind;
  readonly value: string;
  readonly verified?: boolean;
}

/** A file as it is being typed: texts, as they stand in the fields. */
export interface Draft {
  readonly birth_family_name: string;
  readonly birth_given_names: string;
  readonly used_family_name: string;
  readonly used_given_name: string;
  readonly birth_date: string;
  readonly sex: "" | "female" | "male" | "unknown";
  readonly birth_place_insee: string;
  readonly contacts: readonly DraftContact[];
  readonly flags: readonly Flag[];
  readonly referring_practitioner_id: string;
}

const EMPTY: Draft = {
  birth_family_name: "",
  birth_given_names: "",
  used_family_name: "",
  used_given_name: "",
  birth_date: "",
  sex: "",
  birth_place_insee: "",
  contacts: [],
  flags: [],
  referring_practitioner_id: "",
};

let last = 0;
export function newContact(kind: ContactKind, value = ""): DraftContact {
  last += 1;
  return { id: `c${last}`, kind, value };
}

function typedDay(day: string): string {
  return day.split("-").reverse().join("/");
}

/** A new file begun with what was searched. */
export function draftOf(criteria: Criteria): Draft {
  const mobile = /^(\+33|0033|0)\s*[67]/.test(criteria.phone ?? "");
  return {
    ...EMPTY,
    birth_family_name: criteria.q ?? "",
    birth_date: criteria.birth_date ? typedDay(criteria.birth_date) : "",
    contacts: criteria.phone ? [newContact(mobile ? "mobile" : "landline", criteria.phone)] : [],
  };
}

/** A file as it was read, in the fields. */
export function draftFrom(patient: Patient): Draft {
  return {
    birth_family_name: patient.birth_family_name,
    birth_given_names: patient.birth_given_names,
    used_family_name: patient.used_family_name ?? "",
    used_given_name: patient.used_given_name ?? "",
    birth_date: typedDay(patient.birth_date),
    sex: patient.sex ?? "",
    birth_place_insee: patient.birth_place_insee ?? "",
    contacts: patient.contacts.map((each, at) => ({
      id: `${each.kind}-${at}-${each.value}`,
      kind: each.kind,
      value: phoneText(each.value).replaceAll("\u00a0", " "),
      verified: each.verified_at !== null,
    })),
    flags: patient.flags.filter((flag): flag is Flag => flag === "interpreter" || flag === "mobility"),
    referring_practitioner_id: patient.referring_practitioner_id ?? "",
  };
}

/** What is sent of the contacts, and where each came from, so that a refusal finds its field. */
export function sentContacts(draft: Draft): readonly DraftContact[] {
  return draft.contacts.filter((each) => each.value.trim() !== "");
}

const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

/** The body that creates the file. */
export function bodyOf(draft: Draft) {
  return {
    birth_family_name: draft.birth_family_name.trim(),
    birth_given_names: draft.birth_given_names.trim(),
    used_family_name: orNull(draft.used_family_name),
    used_given_name: orNull(draft.used_given_name),
    birth_date: readBirthDate(draft.birth_date) ?? draft.birth_date,
    sex: draft.sex === "" ? null : draft.sex,
    birth_place_insee: orNull(draft.birth_place_insee),
    contacts: sentContacts(draft).map(({ kind, value }) => ({ kind, value: value.trim() })),
    flags: [...draft.flags],
    referring_practitioner_id: orNull(draft.referring_practitioner_id),
  };
}

type Body = ReturnType<typeof bodyOf>;
export type FieldName = keyof Body;
const FIELDS = Object.keys(bodyOf(EMPTY)) as readonly FieldName[];
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Only the fields that were changed: another's change of another field stays. */
export function patchOf(before: Draft, after: Draft): Partial<Body> {
  const [old, now] = [bodyOf(before), bodyOf(after)];
  return Object.fromEntries(
    FIELDS.filter((name) => !same(old[name], now[name])).map((name) => [name, now[name]]),
  );
}

/** The fields in which what I typed and what another saved meanwhile contradict each other. */
export function contradictions(before: Draft, mine: Draft, theirs: Draft): readonly FieldName[] {
  const [old, my, their] = [bodyOf(before), bodyOf(mine), bodyOf(theirs)];
  return FIELDS.filter(
    (name) => !same(old[name], my[name]) && !same(old[name], their[name]) && !same(my[name], their[name]),
  );
}

/** What another saved, with what I changed laid over it but for the fields where his is taken. */
export function merged(before: Draft, mine: Draft, theirs: Draft, taken: readonly FieldName[]): Draft {
  const changed = Object.keys(patchOf(before, mine)).filter((name) => !taken.includes(name as FieldName));
  return { ...theirs, ...Object.fromEntries(changed.map((name) => [name, mine[name as FieldName]])) };
}
