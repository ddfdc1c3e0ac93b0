import type { Dictionary } from "../../../words/language";
import en from "./en";
import fr from "./fr";

export type HoursWords = typeof fr;
export const hoursWords: Dictionary<HoursWords> = { fr, en };
