import type { Dictionary } from "../words/language";
import { en } from "./en";
import { type CooperationWords, fr } from "./fr";

/** What sets, recalls, the board and the hospital call things. */
export const cooperationWords: Dictionary<CooperationWords> = { fr, en };
