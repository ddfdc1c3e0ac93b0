import type { Dictionary } from "../words/language";

const fr = {
  title: "Accessibilité : déclaration",
  state: "État de conformité",
  stateText:
    "Cette console n'est pas conforme au RGAA 4.1 : aucun audit de conformité n'a encore été réalisé.",
  done: "Ce qui est fait",
  doneItems: [
    "Tout acte se fait au clavier ; le focus reste visible ; chaque glisser a son équivalent.",
    "Chaque état se lit par un mot, une forme et une couleur. Les contrastes sont vérifiés à chaque version.",
    "Chaque écran passe un contrôle automatique, étroit et large, clair et sombre.",
    "Les raccourcis d'une lettre se changent ou se coupent (touche « ? »).",
  ],
  faults: "Ce qui reste à faire",
  faultsItems: ["L'audit RGAA complet.", "Les essais avec NVDA et VoiceOver par des personnes concernées."],
  contact: "Nous contacter",
  contactText:
    "Un contenu ne vous est pas accessible ? Écrivez à l'administrateur de votre organisation ou à l'exploitant du service. Ils vous doivent une réponse et une solution.",
  recourse: "Voie de recours",
  recourseText:
    "Sans réponse satisfaisante, saisissez le Défenseur des droits : formulaire en ligne, délégué près de chez vous, téléphone 09 69 39 00 00, ou courrier gratuit : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.",
};
const en: typeof fr = {
  title: "Accessibility statement",
  state: "Conformance",
  stateText: "This console does not conform to RGAA 4.1: no conformance audit has been made yet.",
  done: "What is done",
  doneItems: [
    "Every act works by keyboard; focus stays visible; every drag has its equivalent.",
    "Every state is a word, a shape and a colour. Contrasts are checked with each version.",
    "Every screen passes an automatic check, narrow and wide, light and dark.",
    "Single-letter shortcuts can be changed or switched off (key “?”).",
  ],
  faults: "What is left to do",
  faultsItems: ["The full RGAA audit.", "Trials with NVDA and VoiceOver by people concerned."],
  contact: "Contact us",
  contactText:
    "Is something not accessible to you? Write to your organisation's administrator or to the operator of the service. They owe you an answer and a way.",
  recourse: "Recourse",
  recourseText:
    "Without a satisfying answer, turn to the Défenseur des droits: on line form, a delegate near you, telephone +33 9 69 39 00 00, or free post: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.",
};
export const accessibilityWords: Dictionary<typeof fr> = { fr, en };
