import type { Dictionary } from "../words/language";
import { en } from "./en";
import { fr } from "./fr";

export type CallWords = typeof fr;
export const callWords: Dictionary<CallWords> = { fr, en };
