import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Refusal } from "../api/client";
import { Button } from "../ui/button";
import { Combobox } from "../ui/combobox";
import { useSentence } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { readCriteria } from "./criteria";
import { type Draft, draftOf } from "./draft";
import { PersonLine } from "./person";
import { type PatientItem, usePatientSearch } from "./queries";
import { useSettled } from "./settled";
import { patientWords } from "./words";
import "./patients.css";

interface Props {
  readonly onChoose: (patient: PatientItem) => void;
  /** What stands in the field when it opens. */
  readonly initial?: string;
  /** Offers a new file, filled with what was typed. */
  readonly onNew?: (draft: Draft) => void;
  readonly autoFocus?: boolean;
}

/** Name, birth date or phone in one field, in any order; arrows and Enter choose. Accents and case do not matter. */
export function PatientSearch({ onChoose, initial = "", onNew, autoFocus = false }: Props) {
  const words = useWords(patientWords);
  const { language } = useLanguage();
  const sentence = useSentence();
  const [text, setText] = useState(initial);
  const criteria = readCriteria(useSettled(text, 180));
  const found = usePatientSearch(criteria);
  const asked = Object.keys(criteria).length > 0;
  const items = asked ? (found.data ?? []) : [];
  return (
    <div className="stack">
      <Combobox<PatientItem>
        label={words.find}
        hint={words.findHint}
        text={text}
        onText={setText}
        items={items}
        keyOf={(item) => item.id}
        show={(item) => <PersonLine person={item} language={language} />}
        onChoose={(item) => {
          setText("");
          onChoose(item);
        }}
        searching={!asked || found.isFetching}
        autoFocus={autoFocus}
        fault={found.error instanceof Refusal ? sentence(found.error) : undefined}
      />
      {onNew ? (
        <div className="row">
          <Button onClick={() => onNew(draftOf(readCriteria(text)))}>
            <UserPlus size={16} aria-hidden="true" />
            {words.newPatient}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
