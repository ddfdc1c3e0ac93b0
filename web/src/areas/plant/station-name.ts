import type { PlantWords } from "./words";

/** The station by its name and what it does, where the name alone does not say it. */
export const stationName = (
  words: PlantWords,
  row: { readonly name: string; readonly kind: keyof PlantWords["stationKinds"] },
) => (row.name === words.stationKinds[row.kind] ? row.name : `${row.name} (${words.stationKinds[row.kind]})`);
