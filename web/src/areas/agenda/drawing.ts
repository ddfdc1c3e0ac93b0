/** How one block looks, and what it says. */
import { timeOfDay } from "../../words/time";
import type { Placed } from "./blocks";
import type { Visit } from "./queries";
import type { AgendaWords } from "./words";

/** The class of a block, and its texture. */
export function blockState(block: Placed): string {
  if (block.kind !== "visit") return block.kind === "free" ? `free-${block.opening.kind}` : block.kind;
  if (block.visit.conflict) return "conflict";
  if (block.visit.overbooked) return "overbooked";
  return block.visit.status;
}

/** What is worth a word besides its time: state, conflict, overbooking. */
export function marksOf(visit: Visit, words: AgendaWords): string[] {
  const marks: string[] = [];
  if (visit.conflict) marks.push(words.conflictOf(visit.conflict));
  if (visit.overbooked) marks.push(words.overbooked);
  if (visit.status !== "booked") marks.push(words.status[visit.status]);
  if (visit.mode !== "on_site") marks.push(words.mode[visit.mode]);
  return marks;
}

/** What a block says: its time, the name, and the rest. */
export function blockWords(
  block: Placed,
  words: AgendaWords,
  reasonOf: (id: string) => string,
): readonly [time: string, name: string, what: string] {
  if (block.kind === "closed") return ["", "", words.closed];
  const time = timeOfDay(block.start, words.language);
  if (block.kind === "hold") {
    return ["", "", `${time} ${words.heldUntil(timeOfDay(block.hold.expires_at, words.language))}`];
  }
  if (block.kind === "free") return [time, "", words.openingKind[block.opening.kind]];
  const { visit } = block;
  const more = [...marksOf(visit, words), reasonOf(visit.reason_id)].filter(Boolean).join(", ");
  return [time, visit.patient_name, more];
}
