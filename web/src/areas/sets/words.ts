import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { fr, type SetsWords } from "./fr";

export const setsWords: Dictionary<SetsWords> = { fr, en };
