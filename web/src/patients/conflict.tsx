import { useState } from "react";
import { Button } from "../ui/button";
import { Strip } from "../ui/state";
import { useWords } from "../words/language";
import { bodyOf, contradictions, type Draft, type FieldName } from "./draft";
import { patientWords } from "./words";

interface Props {
  readonly before: Draft;
  readonly mine: Draft;
  readonly theirs: Draft;
  readonly onSettle: (taken: readonly FieldName[]) => void;
}

/** Both versions, field by field, mine kept unless the person says otherwise. */
export function Conflict({ before, mine, theirs, onSettle }: Props) {
  const words = useWords(patientWords);
  const fields = contradictions(before, mine, theirs);
  const [taken, setTaken] = useState<readonly FieldName[]>([]);
  const names: Record<FieldName, string> = {
    birth_family_name: words.birthName,
    birth_given_names: words.givenNames,
    used_family_name: words.usedName,
    used_given_name: words.usedGivenName,
    birth_date: words.birthDate,
    sex: words.sex,
    birth_place_insee: words.birthPlace,
    contacts: words.contacts,
    flags: words.needs,
    referring_practitioner_id: words.referring,
  };
  const shown = (draft: Draft, name: FieldName) => {
    if (name === "contacts")
      return bodyOf(draft)
        .contacts.map((each) => each.value)
        .join(", ");
    if (name === "flags") return draft.flags.map((flag) => words.flags[flag]).join(", ");
    if (name === "sex") return draft.sex === "" ? words.sexUnsaid : words.sexes[draft.sex];
    return draft[name] || words.nobodyYet;
  };
  return (
    <section className="stack" aria-label={words.changedMeanwhile}>
      <Strip state="warn" role="alert">
        {words.changedMeanwhile} {fields.length ? words.chooseVersion : ""}
      </Strip>
      {fields.map((name) => (
        <fieldset key={name} className="patients-versions">
          <legend>{names[name]}</legend>
          {[false, true].map((other) => (
            <label key={String(other)} className="check">
              <input
                type="radio"
                name={`version-${name}`}
                checked={taken.includes(name) === other}
                onChange={() => setTaken(other ? [...taken, name] : taken.filter((each) => each !== name))}
              />
              <span>
                <span className="muted small">{other ? words.theirs : words.mine}</span>
                <br />
                {shown(other ? theirs : mine, name)}
              </span>
            </label>
          ))}
        </fieldset>
      ))}
      <div className="row">
        <Button kind="primary" onClick={() => onSettle(taken)}>
          {words.settle}
        </Button>
      </div>
    </section>
  );
}
