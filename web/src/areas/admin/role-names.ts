import { shellWords } from "../../shell/words";
import type { Language } from "../../words/language";

/** A role as the frame names it. */
export function roleName(code: string, language: Language): string {
  return shellWords[language].role(code);
}
