import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { type ConnectionWords, fr } from "./fr";

export const connectionWords: Dictionary<ConnectionWords> = { fr, en };
