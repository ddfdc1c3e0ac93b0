import type { Schema } from "../../api/client";

type Run = Schema<"cooperation.FileRun">;

const CODES: Readonly<Record<string, string>> = {
  conform: "Conforme",
  failed: "Non conforme",
  leak: "Essai d'étanchéité",
  bowie_dick: "Bowie-Dick",
  seal: "Essai de soudure",
  performance: "Essai de performance",
  integrator: "Intégrateur",
  biological: "Indicateur biologique",
  helix: "Test hélix",
  soil: "Test de salissure",
  plateau_too_short: "Palier trop court",
  probe_spread: "Écart entre sondes",
  steam_not_saturated: "Vapeur non saturée",
  gap_in_curve: "Trou dans la courbe",
  too_hot: "Température trop haute",
  a0_too_low: "A0 insuffisant",
  too_few_samples: "Trop peu de mesures",
};

export const fr = {
  title: "Libération",
  none: "Aucun chargement n'attend de décision. Un cycle terminé apparaît ici de lui-même.",
  waiting: (count: number) => (count === 1 ? "1 chargement à décider" : `${count} chargements à décider`),
  running: "Cycles en cours",
  released: "Libérés récemment",
  rejected: "Refusés récemment",
  choose: "Choisissez un chargement pour voir ses preuves.",
  kind: { washing: "Lavage", steam: "Vapeur", low_temperature: "Basse température" },
  cycle: (number: number | null) => (number === null ? "cycle sans numéro" : `cycle ${number}`),
  state: {
    open: "Ouvert",
    running: "En cours",
    to_decide: "À décider",
    released: "Libéré",
    rejected: "Refusé",
  },
  programme: (name: string, version: number) => `${name}, version ${version}`,
  packs: (count: number) => (count === 1 ? "1 boîte" : `${count} boîtes`),
  startedAt: (time: string) => `lancé ${time}`,
  endedAt: (time: string) => `fini à ${time}`,
  evidence: "Preuves",
  readAgain: "Relire les preuves",
  evidenceState: { ok: "Présente", missing: "Manque", failed: "Non conforme" },
  item: {
    machine_in_service: "Machine en service",
    tests_of_day: "Essais du jour",
    programme_valid: "Programme en vigueur",
    record_present: "Enregistrement du cycle",
    verdict_conform: "Cycle conforme",
    second_recorder_agrees: "Second enregistreur d'accord",
    indicator_read: "Indicateur lu",
    packs_seen: "Boîtes vues à la sortie",
    no_open_issue: "Aucune anomalie ouverte",
    signatory_in_scope: "Signataire habilité",
  },
  doneOf: (done: number, all: number) => `${done} sur ${all}`,
  code: (code: string) => CODES[code] ?? code,
  decision: "Décision",
  lacking: (item: string, others: number) =>
    others === 0
      ? `Impossible : ${item.toLowerCase()} manque.`
      : `Impossible : ${item.toLowerCase()} et ${others} autre${others > 1 ? "s" : ""} manquent.`,
  release: "Libérer le chargement",
  reject: "Refuser le chargement…",
  isReleased: "Chargement libéré.",
  isRejected: "Chargement refusé.",
  notYet: {
    open: "Ce chargement n'est pas lancé.",
    running: "Le cycle n'est pas fini. La décision viendra après l'enregistrement.",
    released: "",
    rejected: "",
  } as Readonly<Record<string, string>>,
  evidenceChanged: "Les preuves ont changé. Relisez-les, puis décidez.",
  decided: (released: boolean, time: string) => `${released ? "Libéré" : "Refusé"} ${time}.`,
  because: (reason: string) => `Motif : ${reason}`,
  signed: (hash: string) => `Preuves signées ${hash}`,
  rejectTitle: "Refuser ce chargement ?",
  rejectText: "Toutes ses boîtes repartent à la réception. Ce refus est définitif.",
  reason: "Motif du refus",
  reasonHint: "Jamais de nom de patient.",
  keep: "Ne pas refuser",
  rejectNow: "Refuser le chargement",
  noRecord: "Aucun enregistrement de ce cycle.",
  curve: "Courbe du cycle",
  curveFile: "courbe-du-cycle",
  time: "heure",
  probe: (number: number) => `Sonde ${number}`,
  low: "Bas de la bande",
  high: "Haut de la bande",
  verdict: (verdict: string): string => (verdict === "conform" ? "Cycle conforme" : "Cycle non conforme"),
  plateau: (held: string, asked: string) => `Palier ${held} pour ${asked} demandées`,
  a0: (value: number) => `A0 ${value} s`,
  f0: (value: number) => `F0 ${String(value).replace(".", ",")} min (indicatif)`,
  leaves: (at: string, seconds: number, worst: number, by: number) =>
    `Hors bande à ${at} du début, ${seconds} s : ${worst.toFixed(1).replace(".", ",")} °C, ${by
      .toFixed(1)
      .replace(".", ",")} K d'écart.`,
  zoom: "Agrandir la sortie de bande",
  whole: "Voir tout le cycle",
  content: "Boîtes du chargement",
  set: "Boîte",
  label: "Étiquette",
  seen: "Vue à",
  unseen: "Pas vue",
  found: "Trouvée",
  foundAs: (run: Run, wash: boolean): string =>
    wash
      ? run.clean === false
        ? "Encore sale"
        : "Propre"
      : run.intact === false
        ? "Abîmée"
        : run.dry === false
          ? "Humide"
          : "Intacte et sèche",
  tests: "Essais, contrôles, anomalies",
  noTest: "Aucun essai ni contrôle enregistré.",
  recordRefused: "Enregistrement refusé",
  issue: (state: string): string => (state === "closed" ? "Anomalie close" : "Anomalie ouverte"),
};
