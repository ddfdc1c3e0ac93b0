import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { fr } from "./fr";

export type AgendaWords = typeof fr;
export const agendaWords: Dictionary<AgendaWords> = { fr, en };
