import type { Dictionary } from "../words/language";

const fr = {
  title: "Raccourcis clavier",
  text: "Ces touches agissent sur l'écran ouvert. Vos changements restent sur cet appareil.",
  caption: "Raccourcis actifs",
  act: "Action",
  key: "Touche",
  change: "Changer",
  changeOf: (label: string) => `Changer la touche : ${label}`,
  restore: "Rétablir",
  restoreOf: (label: string) => `Rétablir la touche : ${label}`,
  press: "Appuyez sur la touche…",
  taken: "Cette touche est prise par le navigateur ou le clavier. Choisissez-en une autre.",
  used: (label: string) => `Cette touche sert déjà à : ${label}. Choisissez-en une autre.`,
  letters: "Utiliser les touches d'une seule lettre ou d'un chiffre",
  lettersHint: "Décochez si une commande vocale ou une aide technique les déclenche par erreur.",
};
const en: typeof fr = {
  title: "Keyboard shortcuts",
  text: "These keys act on the open screen. Your changes stay on this device.",
  caption: "Active shortcuts",
  act: "Act",
  key: "Key",
  change: "Change",
  changeOf: (label) => `Change the key: ${label}`,
  restore: "Restore",
  restoreOf: (label) => `Restore the key: ${label}`,
  press: "Press the key…",
  taken: "The browser or the keyboard needs this key. Choose another.",
  used: (label) => `This key is used already: ${label}. Choose another.`,
  letters: "Use keys of a single letter or digit",
  lettersHint: "Clear it if speech input or an assistive tool sets them off by mistake.",
};
export const shortcutsWords: Dictionary<typeof fr> = { fr, en };
