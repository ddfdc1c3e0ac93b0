import { Badge, type State } from "../../ui/state";
import { useWords } from "../../words/language";
import { type Due, type Pace, paceOf } from "./expected";
import { transportWords } from "./words";

const STATE: Readonly<Record<Pace, State>> = {
  served: "ok",
  failed: "danger",
  late: "danger",
  near: "warn",
  on_time: "ok",
  unknown: "unknown",
};

/** Promise against road: in time or not, in a word and minutes. */
export function PaceBadge({ due }: { readonly due: Due }) {
  const words = useWords(transportWords);
  const pace = paceOf(due);
  const minutes =
    due.late !== null && (pace === "late" || pace === "near") ? ` ${words.behind(due.late)}` : "";
  return (
    <Badge state={STATE[pace]}>
      {words.pace[pace]}
      {minutes}
    </Badge>
  );
}
