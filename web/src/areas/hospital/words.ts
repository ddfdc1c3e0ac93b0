import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { fr, type HospitalWords } from "./fr";

export const hospitalWords: Dictionary<HospitalWords> = { fr, en };
