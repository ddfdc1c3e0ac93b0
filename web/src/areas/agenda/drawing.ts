/** How one block looks: nodes for the grid, the same words for the list. */
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

function element(name: string, text: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

/** Made by hand: several hundred of them are drawn at once. */
export function blockNodes(block: Placed, words: AgendaWords, reasonOf: (id: string) => string): Node[] {
  const time = timeOfDay(block.start, words.language);
  if (block.kind === "closed") return [element("span", words.closed, "agenda-what")];
  if (block.kind === "hold") {
    const until = words.heldUntil(timeOfDay(block.hold.expires_at, words.language));
    return [element("span", `${time} ${until}`, "agenda-what")];
  }
  if (block.kind === "free") {
    const kind = words.openingKind[block.opening.kind];
    return [
      element("span", time, "agenda-time"),
      document.createTextNode(" "),
      element("span", kind, "agenda-what"),
    ];
  }
  const { visit } = block;
  const marks = marksOf(visit, words);
  const line = [
    element("span", time, "agenda-time"),
    document.createTextNode(" "),
    element("span", visit.patient_name, "agenda-name"),
  ];
  const more = [...marks, reasonOf(visit.reason_id)].filter(Boolean).join(", ");
  return [...line, document.createTextNode(" "), element("span", more, "agenda-what")];
}
