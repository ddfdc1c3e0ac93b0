import type { ReactNode } from "react";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import type { Grade } from "./floor-figures";
import { supervisionWords } from "./words";

/** A figure with its grade as colour, shape and word; what is well, or not counted, stays plain. */
export function Graded({ grade, children }: { readonly grade: Grade | null; readonly children: ReactNode }) {
  const words = useWords(supervisionWords);
  if (grade === null || grade === "ok") return <>{children}</>;
  return (
    <Badge state={grade}>
      {children} <span className="visually-hidden">{words.grades[grade]}</span>
    </Badge>
  );
}
