import type { Dictionary } from "../words/language";

const fr = {
  title: "Rechercher partout",
  label: "Écran, commande, patient, médecin, lieu, boîte",
  hint: "Patients : nom, date de naissance (12/03/1958) ou téléphone. Flèches pour choisir, Entrée pour ouvrir.",
  screen: "écran",
  command: "commande",
  patient: "patient",
  practitioner: "praticien",
  site: "lieu",
  set: "boîte",
  patients: "les patients",
  practitioners: "les praticiens",
  sites: "les lieux",
  sets: "les boîtes",
  born: (day: string, years: number) => `${day}, ${years} an${years > 1 ? "s" : ""}`,
  failed: (names: string) => `Recherche impossible parmi ${names}. Le reste est complet.`,
  minutes: "La recherche de patients est inscrite au journal d'accès.",
};
const en: typeof fr = {
  title: "Search everything",
  label: "Screen, command, patient, doctor, place, set",
  hint: "Patients: name, birth date (12/03/1958) or phone. Arrows to choose, Enter to open.",
  screen: "screen",
  command: "command",
  patient: "patient",
  practitioner: "practitioner",
  site: "place",
  set: "set",
  patients: "patients",
  practitioners: "practitioners",
  sites: "places",
  sets: "sets",
  born: (day, years) => `${day}, aged ${years}`,
  failed: (names) => `Could not search ${names}. The rest is complete.`,
  minutes: "A search of patients is written in the access log.",
};
export const paletteWords: Dictionary<typeof fr> = { fr, en };
