import type { Dictionary } from "../words/language";
import type { Waiting } from "./bell-sources";

type Named = Readonly<Record<Waiting["id"], (count: number) => string>>;
const s = (count: number) => (count > 1 ? "s" : "");

const frNamed: Named = {
  recalls: (n) => `${n} rappel${s(n)} à traiter`,
  redFlags: (n) => `${n} drapeau${n > 1 ? "x" : ""} rouge${s(n)} en cours`,
  urgentMessages: (n) => `${n} message${s(n)} urgent${s(n)}`,
  lateMessages: (n) => `${n} message${s(n)} en retard`,
  messages: (n) => `${n} message${s(n)} à lire`,
  callbacks: (n) => `${n} rappel${s(n)} téléphonique${s(n)} à passer`,
  tasks: (n) => `${n} tâche${s(n)} à faire`,
  scans: (n) => `${n} lecture${s(n)} à régler`,
  loads: (n) => `${n} chargement${s(n)} à libérer`,
  urgentRequests: (n) => `${n} demande${s(n)} urgente${s(n)} de boîte`,
};
const enNamed: Named = {
  recalls: (n) => `${n} recall${s(n)} to work through`,
  redFlags: (n) => `${n} red flag${s(n)} open`,
  urgentMessages: (n) => `${n} urgent message${s(n)}`,
  lateMessages: (n) => `${n} late message${s(n)}`,
  messages: (n) => `${n} message${s(n)} to read`,
  callbacks: (n) => `${n} callback${s(n)} to make`,
  tasks: (n) => `${n} task${s(n)} to do`,
  scans: (n) => `${n} scan${s(n)} to settle`,
  loads: (n) => `${n} load${s(n)} to release`,
  urgentRequests: (n) => `${n} urgent set request${s(n)}`,
};
const fr = {
  named: frNamed,
  none: "Rien ne vous attend.",
  silence: "Couper le son",
  silenceHint: "Les rappels de boîtes et les drapeaux rouges sonnent toujours.",
  title: "Ce qui vous attend",
  urgent: "urgent",
};
const en: typeof fr = {
  named: enNamed,
  none: "Nothing waits for you.",
  silence: "Mute",
  silenceHint: "Recalls and red flags always sound.",
  title: "What waits for you",
  urgent: "urgent",
};
export const bellWords: Dictionary<typeof fr> = { fr, en };
