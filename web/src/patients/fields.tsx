import { Plus, Trash2 } from "lucide-react";
import { useId } from "react";
import type { Refusal } from "../api/client";
import { Button } from "../ui/button";
import { Check, faultAt, SelectField, TextField } from "../ui/field";
import { useWords } from "../words/language";
import {
  type ContactKind,
  type Draft,
  type DraftContact,
  type FieldName,
  type Flag,
  newContact,
  sentContacts,
} from "./draft";
import { patientWords } from "./words";

interface Props {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly refusal: Refusal | null;
  /** What the form itself finds wrong before it is sent. */
  readonly own: Partial<Record<FieldName, string>>;
}

/** Every place at which these fields can show what the server says. */
export function pointersOf(draft: Draft): readonly string[] {
  const names = ["birth_family_name", "birth_given_names", "used_family_name", "used_given_name"];
  const rest = ["birth_date", "sex", "birth_place_insee", "contacts"];
  const contacts = sentContacts(draft).map((_, at) => `/contacts/${at}/value`);
  return [...[...names, ...rest].map((name) => `/${name}`), ...contacts];
}

/** The fields of a file, in the order in which a caller says them. */
export function PatientFields({ draft, onDraft, refusal, own }: Props) {
  const words = useWords(patientWords);
  const set = (changed: Partial<Draft>) => onDraft({ ...draft, ...changed });
  const fault = (name: FieldName) => own[name] ?? faultAt(refusal, `/${name}`);
  return (
    <>
      <div className="patients-fields">
        <TextField
          label={words.birthName}
          required
          autoComplete="off"
          maxLength={120}
          value={draft.birth_family_name}
          fault={fault("birth_family_name")}
          onChange={(event) => set({ birth_family_name: event.target.value })}
        />
        <TextField
          label={words.givenNames}
          required
          autoComplete="off"
          maxLength={120}
          value={draft.birth_given_names}
          fault={fault("birth_given_names")}
          onChange={(event) => set({ birth_given_names: event.target.value })}
        />
        <TextField
          label={words.birthDate}
          hint={words.birthDateHint}
          required
          autoComplete="off"
          inputMode="numeric"
          value={draft.birth_date}
          fault={fault("birth_date")}
          onChange={(event) => set({ birth_date: event.target.value })}
        />
        <SelectField
          label={words.sex}
          value={draft.sex}
          fault={fault("sex")}
          onChange={(event) => set({ sex: event.target.value as Draft["sex"] })}
        >
          <option value="">{words.sexUnsaid}</option>
          {(["female", "male", "unknown"] as const).map((sex) => (
            <option key={sex} value={sex}>
              {words.sexes[sex]}
            </option>
          ))}
        </SelectField>
        <TextField
          label={words.usedName}
          hint={words.usedNameHint}
          autoComplete="off"
          maxLength={120}
          value={draft.used_family_name}
          fault={fault("used_family_name")}
          onChange={(event) => set({ used_family_name: event.target.value })}
        />
        <TextField
          label={words.usedGivenName}
          hint={words.usedGivenNameHint}
          autoComplete="off"
          maxLength={120}
          value={draft.used_given_name}
          fault={fault("used_given_name")}
          onChange={(event) => set({ used_given_name: event.target.value })}
        />
      </div>
      <Contacts draft={draft} onDraft={onDraft} refusal={refusal} />
      <Needs draft={draft} onDraft={onDraft} />
    </>
  );
}

/** One row a kind at least, so that nothing has to be opened before a number is typed. */
function Contacts({ draft, onDraft, refusal }: Omit<Props, "own">) {
  const words = useWords(patientWords);
  const id = useId();
  const kinds: readonly ContactKind[] = ["mobile", "landline", "email"];
  const missing = kinds.filter((kind) => !draft.contacts.some((each) => each.kind === kind));
  const rows: readonly DraftContact[] = [
    ...draft.contacts,
    ...missing.map((kind) => ({ id: `${id}-${kind}`, kind, value: "" })),
  ].toSorted((one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind));
  const sent = sentContacts(draft);
  const write = (row: DraftContact, value: string) => {
    const known = draft.contacts.some((each) => each.id === row.id);
    const contacts = known
      ? draft.contacts.map((each) => (each.id === row.id ? { ...each, value, verified: false } : each))
      : [...draft.contacts, { ...row, value }];
    onDraft({ ...draft, contacts });
  };
  const faultOf = (row: DraftContact) => {
    const at = sent.findIndex((each) => each.id === row.id);
    return at < 0 ? undefined : faultAt(refusal, `/contacts/${at}/value`);
  };
  return (
    <fieldset className="stack">
      <legend className="visually-hidden">{words.contacts}</legend>
      <div className="patients-fields">
        {rows.map((row) => (
          <div key={row.id} className="patients-contact">
            <TextField
              label={words.kinds[row.kind]}
              hint={row.verified ? words.verified : undefined}
              autoComplete="off"
              type={row.kind === "email" ? "email" : "tel"}
              value={row.value}
              fault={faultOf(row)}
              onChange={(event) => write(row, event.target.value)}
            />
            {row.value ? (
              <Button
                kind="quiet"
                aria-label={words.removeContact(words.kinds[row.kind])}
                onClick={() =>
                  onDraft({ ...draft, contacts: draft.contacts.filter((each) => each.id !== row.id) })
                }
              >
                <Trash2 size={16} aria-hidden="true" />
              </Button>
            ) : null}
          </div>
        ))}
      </div>
      {draft.contacts.some((each) => each.kind === "mobile" && each.value) ? (
        <div className="row">
          <Button
            kind="quiet"
            onClick={() => onDraft({ ...draft, contacts: [...draft.contacts, newContact("mobile")] })}
          >
            <Plus size={16} aria-hidden="true" />
            {words.addContact}
          </Button>
        </div>
      ) : null}
      {faultAt(refusal, "/contacts") ? <p className="fault">{faultAt(refusal, "/contacts")}</p> : null}
    </fieldset>
  );
}

function Needs({ draft, onDraft }: Pick<Props, "draft" | "onDraft">) {
  const words = useWords(patientWords);
  const turn = (flag: Flag, on: boolean) =>
    onDraft({ ...draft, flags: on ? [...draft.flags, flag] : draft.flags.filter((each) => each !== flag) });
  return (
    <fieldset className="row">
      <legend className="visually-hidden">{words.needs}</legend>
      {(["interpreter", "mobility"] as const).map((flag) => (
        <Check
          key={flag}
          label={words.flags[flag]}
          checked={draft.flags.includes(flag)}
          onChange={(event) => turn(flag, event.target.checked)}
        />
      ))}
    </fieldset>
  );
}
