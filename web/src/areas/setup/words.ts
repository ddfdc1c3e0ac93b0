import type { Dictionary } from "../../words/language";
import en from "./en";
import fr from "./fr";

export type SetupWords = typeof fr;
export const setupWords: Dictionary<SetupWords> = { fr, en };
