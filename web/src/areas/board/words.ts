import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { type BoardWords, fr } from "./fr";

export const boardWords: Dictionary<BoardWords> = { fr, en };
