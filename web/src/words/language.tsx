import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { setIdentity } from "../api/client";
import { spaced } from "./spaces";

export type Language = "fr" | "en";
export type Dictionary<T> = Readonly<Record<Language, T>>;

const KEPT = "maillage.language";

interface Choice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const Context = createContext<Choice>({ language: "fr", choose: () => {} });

/** French unless the person has chosen otherwise on this device. A language says nothing of anybody: it may be kept. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState<Language>(() => (localStorage.getItem(KEPT) === "en" ? "en" : "fr"));
  setIdentity({ language });
  useEffect(() => {
    localStorage.setItem(KEPT, language);
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(() => ({ language, choose }), [language]);
  return <Context value={value}>{children}</Context>;
}

export function useLanguage(): Choice {
  return useContext(Context);
}

/**
 * The sentences of a screen in the person's language. `fr.ts` is the type that `en.ts` must satisfy: a sentence that is
 * missing in one does not compile.
 */
export function useWords<T>(words: Dictionary<T>): T {
  const { language } = useContext(Context);
  return language === "fr" ? french(words) : words[language];
}

const set = new WeakMap<object, unknown>();

/** The French of a dictionary with its no-break spaces, made once. */
function french<T>(words: Dictionary<T>): T {
  const known = set.get(words);
  if (known) return known as T;
  const made = spaced(words.fr);
  set.set(words, made);
  return made;
}
