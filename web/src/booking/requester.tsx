import type { Schema } from "../api/client";
import type { Patient } from "../patients/queries";
import { SelectField, TextField } from "../ui/field";
import { useWords } from "../words/language";
import { age } from "../words/time";
import { bookingWords } from "./words";

type Kind = Schema<"appointments.RequesterIn">["kind"];

/** Who asks: nobody but the patient, somebody tied to him by id, or somebody named. */
export interface RequesterDraft {
  readonly relation: string;
  readonly kind: Kind;
  readonly name: string;
}

export function requesterOf(draft: RequesterDraft, patient: Patient): Schema<"appointments.RequesterIn"> {
  const relation = patient.relations.find((each) => each.other_patient_id === draft.relation);
  if (relation) return { kind: relation.kind, patient_id: relation.other_patient_id };
  return { kind: draft.kind, ...(draft.name.trim() ? { name: draft.name.trim() } : {}) };
}

const OTHERS: readonly Kind[] = ["parent", "guardian", "carer", "spouse", "professional", "other"];

interface Props {
  readonly patient: Patient;
  readonly draft: RequesterDraft | null;
  readonly onDraft: (draft: RequesterDraft | null) => void;
}

/** Relatives who may book come by their name; for a child it is asked for in words. */
export function Requester({ patient, draft, onDraft }: Props) {
  const words = useWords(bookingWords);
  const minor = age(patient.birth_date) < 18;
  const relatives = patient.relations.filter((each) => each.may_book !== false);
  const value = draft === null ? "self" : draft.relation || "other";
  return (
    <div className="booking-filters">
      <SelectField
        label={words.who}
        hint={minor ? words.minorAsk : undefined}
        value={value}
        onChange={(event) => {
          const chosen = event.target.value;
          if (chosen === "self") onDraft(null);
          else if (chosen === "other") onDraft({ relation: "", kind: "parent", name: "" });
          else onDraft({ relation: chosen, kind: "other", name: "" });
        }}
      >
        <option value="self">{words.self}</option>
        {relatives.map((each) => (
          <option key={each.other_patient_id} value={each.other_patient_id}>
            {`${words.kinds[each.kind]} : ${each.display_name}`}
          </option>
        ))}
        <option value="other">{words.other}</option>
      </SelectField>
      {draft && !draft.relation ? (
        <>
          <SelectField
            label={words.otherKind}
            value={draft.kind}
            onChange={(event) => onDraft({ ...draft, kind: event.target.value as Kind })}
          >
            {OTHERS.map((kind) => (
              <option key={kind} value={kind}>
                {words.kinds[kind]}
              </option>
            ))}
          </SelectField>
          <TextField
            label={words.otherName}
            autoComplete="off"
            maxLength={120}
            value={draft.name}
            onChange={(event) => onDraft({ ...draft, name: event.target.value })}
          />
        </>
      ) : null}
    </div>
  );
}
