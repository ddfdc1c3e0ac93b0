import { useWords } from "../../words/language";
import { named, useAll } from "./collection";
import { plantWords } from "./words";

/** Whose a thing may be: a member's, or the group's own. */
export function useOwners() {
  const words = useWords(plantWords);
  const members = useAll("members").data ?? [];
  const live = members.filter((row) => row.retired_at === null);
  return {
    options: named(live.map((row) => ({ id: row.organisation_id, name: row.name }))),
    name: (organisation: string) =>
      members.find((row) => row.organisation_id === organisation)?.name ?? words.theGroup,
  };
}
