import { api, body } from "../../api/client";
import { BlockBadges } from "../../cooperation/badges";
import { everyPage } from "../../cooperation/moves";
import { useBlocks, useSets } from "../../cooperation/names";
import { useLiveQuery } from "../../live/live";
import { Empty, Read } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dayOf, shortDay, timeOfDay } from "../../words/time";
import type { ActProps } from "./act";
import { useStationRow } from "./crate";
import { stationWords } from "./words";

/** What stands in quarantine here, since when, and what blocks it. */
export function Quarantine({ post }: ActProps) {
  const words = useWords(stationWords);
  const { language } = useLanguage();
  const row = useStationRow(post.id);
  const place = row.data?.place_id ?? "";
  const { data: sets = [] } = useSets();
  const { data: blocks } = useBlocks();
  const here = useLiveQuery({
    queryKey: ["cooperation", "post", post.id, "quarantine", place],
    queryFn: () =>
      everyPage((more) =>
        body(
          api.GET("/api/cooperation/v1/custody", {
            params: { query: { place_id: place, limit: 100, ...more } },
          }),
        ),
      ),
    topics: ["cooperation.custody_changed"],
    enabled: place !== "",
    atMostEvery: 1_000,
  });
  return (
    <section className="panel stack">
      <h2>{words.inQuarantine}</h2>
      <Read of={here} lines={3}>
        {(stays) =>
          stays.length === 0 ? (
            <Empty>{words.quarantineEmpty}</Empty>
          ) : (
            <ul className="station-content">
              {stays.map((stay) => {
                const set = sets.find((each) => each.id === stay.subject_id);
                const why = (blocks?.blocked ?? []).filter(
                  (each) => each.id === stay.subject_id || each.id === set?.run_id,
                );
                return (
                  <li key={stay.id}>
                    <strong>{set?.name ?? stay.code ?? words.thing[stay.subject_kind]}</strong>
                    <BlockBadges blocks={why} />
                    <span className="muted">
                      {words.since(
                        `${shortDay(dayOf(stay.since), language)}, ${timeOfDay(stay.since, language)}`,
                      )}
                    </span>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Read>
    </section>
  );
}
