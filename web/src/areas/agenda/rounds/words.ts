import type { Dictionary } from "../../../words/language";
import en from "./en";
import fr from "./fr";

export const roundWords: Dictionary<typeof fr> = { fr, en };
