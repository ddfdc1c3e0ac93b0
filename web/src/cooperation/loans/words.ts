import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { fr, type LoanWords } from "./fr";

export const loanWords: Dictionary<LoanWords> = { fr, en };
