import type { Language } from "./language";

/** What an instruction lets a telesecretary do, or forbids: its code, said as one says it. */
const GESTURES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    message: "prendre un message",
    book: "donner un rendez-vous",
    appointment: "donner un rendez-vous",
    move: "déplacer un rendez-vous",
    cancel: "annuler un rendez-vous",
    transfer: "transférer l'appel",
    callback: "promettre un rappel",
    give_result: "donner un résultat",
    give_advice: "donner un conseil médical",
    medical_advice: "donner un conseil médical",
    overbook: "ajouter un rendez-vous en surnombre",
    give_mobile: "donner un numéro personnel",
  },
  en: {
    message: "take a message",
    book: "give an appointment",
    appointment: "give an appointment",
    move: "move an appointment",
    cancel: "cancel an appointment",
    transfer: "transfer the call",
    callback: "promise a callback",
    give_result: "give a result",
    give_advice: "give medical advice",
    medical_advice: "give medical advice",
    overbook: "overbook",
    give_mobile: "give a personal number",
  },
};

/** One gesture; a code of the centre's own is shown as it was written. */
export const gesture = (code: string, language: Language): string =>
  GESTURES[language][code] ?? code.replaceAll("_", " ");

export const gestures = (codes: readonly string[], language: Language): string =>
  codes.map((code) => gesture(code, language)).join(", ");
