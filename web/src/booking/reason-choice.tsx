import { type FormEvent, useState } from "react";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { useWords } from "../words/language";
import { age } from "../words/time";
import type { Reason } from "./directory";
import { bookingWords } from "./words";

interface Props {
  readonly reasons: readonly Reason[];
  readonly birthDate: string | undefined;
  /** The person has been seen here before. */
  readonly known: boolean;
  readonly onChoose: (reasonId: string) => void;
  readonly onCancel: () => void;
}

const ORDINARY = 6;
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether a reason is for somebody of this age who has, or has not, been seen; what is true the service says. */
export function fits(reason: Reason, birthDate: string | undefined, known: boolean): boolean {
  if (!reason.active || !reason.bookable_by.includes("secretariat")) return false;
  if (reason.first_visit === "only" && known) return false;
  if (reason.first_visit === "never" && !known) return false;
  if (birthDate === undefined) return true;
  const years = age(birthDate);
  return years >= (reason.min_age ?? 0) && years <= (reason.max_age ?? 200);
}

/** Ordinary reasons first, as the centre ranks them; letters narrow them, Enter takes the first. */
export function ReasonChoice({ reasons, birthDate, known, onChoose, onCancel }: Props) {
  const words = useWords(bookingWords);
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const fitting = reasons.filter((each) => fits(each, birthDate, known));
  const found = fitting.filter((each) => plain(each.label).includes(plain(text.trim())));
  const shown = all || text.trim() ? found : found.slice(0, ORDINARY);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (shown[0]) onChoose(shown[0].id);
  };
  return (
    <form className="booking stack" onSubmit={submit}>
      <TextField
        label={words.reason}
        hint={words.reasonHint}
        value={text}
        autoComplete="off"
        autoFocus
        onChange={(event) => setText(event.target.value)}
      />
      {shown.length ? (
        <ul className="booking-reasons">
          {shown.map((each) => (
            <li key={each.id}>
              <Button onClick={() => onChoose(each.id)}>{each.label}</Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted" role="status">
          {words.noReason}
        </p>
      )}
      <div className="row">
        {shown.length < found.length ? (
          <Button onClick={() => setAll(true)}>{words.allReasons}</Button>
        ) : null}
        <Button kind="quiet" onClick={onCancel}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}
