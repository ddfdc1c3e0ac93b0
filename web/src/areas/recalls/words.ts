import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { fr, type RecallsWords } from "./fr";

export const recallsWords: Dictionary<RecallsWords> = { fr, en };
