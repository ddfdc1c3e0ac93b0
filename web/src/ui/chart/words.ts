import type { Dictionary } from "../../words/language";

const fr = {
  showTable: "Voir le tableau",
  hideTable: "Masquer le tableau",
  csv: "Télécharger (CSV)",
  nothing: "Aucune donnée sur cette période.",
  unknown: "inconnu",
  legend: "Légende",
  unit: (unit: string) => `Unité : ${unit}`,
  whole: "Revenir à la vue entière",
  zoomHint: "Glissez sur la courbe pour l'agrandir.",
  notDrawn: "La courbe ne peut pas être dessinée ici : lisez le tableau.",
};
const en: typeof fr = {
  showTable: "Show the table",
  hideTable: "Hide the table",
  csv: "Download (CSV)",
  nothing: "Nothing was counted in this period.",
  unknown: "unknown",
  legend: "Legend",
  unit: (unit) => `Unit: ${unit}`,
  whole: "Back to the whole",
  zoomHint: "Drag over the curve to enlarge it.",
  notDrawn: "The curve cannot be drawn here: read the table.",
};
export const chartWords: Dictionary<typeof fr> = { fr, en };
