import { useCompartments, useCrates, useStanding } from "../../cooperation/moves";
import { useNames, useSites } from "../../cooperation/names";
import { Strip } from "../../ui/state";
import { useWords } from "../../words/language";
import type { Tour } from "./expected";
import { transportWords } from "./words";

/** How many sealed crates stand somewhere and wait to go to each site. */
export function useWaiting(): ReadonlyMap<string, number> {
  const { data: crates = [] } = useCrates();
  const { data: compartments = [] } = useCompartments();
  const { data: sites = [] } = useSites();
  // What goes to the plant is fetched by the tour that stops where it stands.
  const plants = new Set(sites.filter(({ kind }) => kind === "plant").map(({ id }) => id));
  const standing = useStanding(compartments.map((each) => each.id));
  const aboard = new Set(Object.values(standing.data ?? {}).flat());
  const counts = new Map<string, number>();
  for (const crate of crates) {
    const to = crate.seal && !crate.retired_at ? crate.destination_id : null;
    if (!to || plants.has(to) || aboard.has(crate.id)) continue;
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return counts;
}

/** Crates that no coming stop will fetch or bring, and stops that failed, each with why. */
export function Unserved({ tours, today }: { readonly tours: readonly Tour[]; readonly today: boolean }) {
  const words = useWords(transportWords);
  const names = useNames();
  const waiting = useWaiting();
  const coming = new Set(
    tours.flatMap(({ stops }) => stops.filter(({ state }) => state === "expected").map((s) => s.site_id)),
  );
  const failed = tours.flatMap(({ stops }) => stops.filter(({ state }) => state === "failed"));
  const left = today ? [...waiting].filter(([site]) => !coming.has(site)) : [];
  if (left.length + failed.length === 0) return null;
  return (
    <section className="stack">
      <h2>{words.unserved}</h2>
      {left.map(([site, count]) => (
        <Strip key={site} state="warn">
          {words.unservedCrates(count, names.site(site))} {words.noStop(names.site(site))}
        </Strip>
      ))}
      {failed.map((stop) => (
        <Strip key={stop.id} state="danger">
          {words.failedStop(names.site(stop.site_id), stop.reason ?? "")}
        </Strip>
      ))}
    </section>
  );
}
