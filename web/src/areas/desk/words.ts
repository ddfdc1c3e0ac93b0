import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { fr } from "./fr";

export type DeskWords = typeof fr;
export const deskWords: Dictionary<DeskWords> = { fr, en };
