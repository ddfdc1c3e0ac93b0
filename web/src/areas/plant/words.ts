import type { Dictionary } from "../../words/language";
import en from "./en";
import fr from "./fr";

export type PlantWords = typeof fr;
export const plantWords: Dictionary<PlantWords> = { fr, en };
