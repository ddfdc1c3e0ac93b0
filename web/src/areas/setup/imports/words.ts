import type { Dictionary } from "../../../words/language";
import en from "./en";
import fr from "./fr";

export const importWords: Dictionary<typeof fr> = { fr, en };
