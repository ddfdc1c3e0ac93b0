import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { fr, type TransportWords } from "./fr";

export const transportWords: Dictionary<TransportWords> = { fr, en };
