import { useId, useState } from "react";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useWords } from "../words/language";
import { type Field, type Group, merged, sameValue, say, type Values, valueAt } from "./values";
import { recordWords } from "./words";

interface Props {
  readonly groups: readonly Group[];
  /** What both began from. */
  readonly began: Values;
  readonly mine: Values;
  readonly theirs: Values;
  readonly busy: boolean;
  readonly onSave: (values: Values) => void;
  readonly onTheirs: () => void;
  readonly onClose: () => void;
}

/** A record changed by somebody else meanwhile: both versions field by field, one's own kept unless one says otherwise. */
export function TwoVersions({ groups, began, mine, theirs, busy, onSave, onTheirs, onClose }: Props) {
  const words = useWords(recordWords);
  const [given, setGiven] = useState<ReadonlySet<string>>(new Set());
  const rows = groups
    .flatMap((group) => group.fields)
    .filter((field) => !sameValue(valueAt(mine, field.name), valueAt(theirs, field.name)));
  const touched = (field: Field) => !sameValue(valueAt(began, field.name), valueAt(mine, field.name));
  const asked = rows.filter(touched);
  const taken = rows.filter((field) => !touched(field));
  return (
    <Dialog
      title={words.twoVersions}
      onClose={onClose}
      wide
      foot={
        <>
          <Button onClick={onTheirs}>{words.takeTheirs}</Button>
          <Button
            kind="primary"
            busy={busy}
            onClick={() => onSave(merged(groups, began, mine, theirs, given))}
          >
            {words.saveChosen}
          </Button>
        </>
      }
    >
      <p>{words.twoVersionsText}</p>
      {asked.map((field) => (
        <Choice
          key={field.name}
          field={field}
          mine={valueAt(mine, field.name)}
          theirs={valueAt(theirs, field.name)}
          takesTheirs={given.has(field.name)}
          onTake={(taken) =>
            setGiven((before) => {
              const after = new Set(before);
              if (taken) after.add(field.name);
              else after.delete(field.name);
              return after;
            })
          }
        />
      ))}
      {taken.length > 0 ? (
        <div className="stack">
          <p className="muted">{words.alsoChanged}</p>
          <ul className="records-said">
            {taken.map((field) => (
              <li key={field.name}>
                <strong>{field.label}</strong> {say(field, valueAt(theirs, field.name), words)}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </Dialog>
  );
}

interface ChoiceProps {
  readonly field: Field;
  readonly mine: unknown;
  readonly theirs: unknown;
  readonly takesTheirs: boolean;
  readonly onTake: (theirs: boolean) => void;
}

function Choice({ field, mine, theirs, takesTheirs, onTake }: ChoiceProps) {
  const words = useWords(recordWords);
  const name = useId();
  const one = (own: boolean, value: unknown) => (
    <label className="records-version" data-chosen={own !== takesTheirs || undefined}>
      <span className="row">
        <input type="radio" name={name} checked={own !== takesTheirs} onChange={() => onTake(!own)} />
        <span className="small muted">{own ? words.mine : words.theirs}</span>
      </span>
      <span>{say(field, value, words)}</span>
    </label>
  );
  return (
    <fieldset className="field">
      <legend>{field.label}</legend>
      <div className="records-versions">
        {one(true, mine)}
        {one(false, theirs)}
      </div>
    </fieldset>
  );
}
