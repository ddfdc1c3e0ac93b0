import type { Refusal } from "../api/client";
import { Button } from "../ui/button";
import { Strip } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { IdentityBadge, PersonLine } from "./person";
import type { PatientItem } from "./queries";
import { patientWords } from "./words";

interface Props {
  readonly refusal: Refusal;
  readonly busy: boolean;
  readonly onSame: (person: PatientItem) => void;
  readonly onAnother: (ids: readonly string[]) => void;
}

/** The people whom the server takes for perhaps the same, before a second file is made: who it is, or another. */
export function Duplicates({ refusal, busy, onSame, onAnother }: Props) {
  const words = useWords(patientWords);
  const { language } = useLanguage();
  const candidates = (refusal.more.candidates ?? []) as readonly PatientItem[];
  return (
    <section className="stack" aria-label={words.perhapsKnown}>
      <Strip state="warn" role="alert">
        <strong>{words.perhapsKnown}. </strong>
        {words.perhapsKnownText}
      </Strip>
      <ul className="patients-candidates">
        {candidates.map((person) => (
          <li key={person.id}>
            <span className="row">
              <PersonLine person={person} language={language} />
              <IdentityBadge status={person.identity_status} />
            </span>
            <Button onClick={() => onSame(person)}>{words.itIsThis}</Button>
          </li>
        ))}
      </ul>
      <div className="row">
        <Button busy={busy} onClick={() => onAnother(candidates.map((each) => each.id))}>
          {words.itIsAnother}
        </Button>
      </div>
    </section>
  );
}
