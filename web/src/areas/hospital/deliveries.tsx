import { Link } from "wouter";
import { api, body } from "../../api/client";
import { useSession } from "../../api/session";
import { useNames, usePlaces } from "../../cooperation/names";
import { useLiveQuery } from "../../live/live";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { hospitalWords } from "./words";

/** What was handed over at our docks: what waits to be taken first. */
export function Deliveries() {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { session, may } = useSession();
  const names = useNames();
  const { data: places = [] } = usePlaces();
  const query = useLiveQuery({
    queryKey: ["cooperation", "handovers"],
    queryFn: () => body(api.GET("/api/cooperation/v1/handovers", { params: { query: { limit: 100 } } })),
    topics: ["cooperation.handover_recorded"],
  });
  const ours = (place: string) =>
    places.find((each) => each.id === place)?.organisation_id === session.context?.organisation_id;
  return (
    <Read of={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{words.noHandover}</Empty>
        ) : (
          <DataTable
            caption={words.handovers}
            captionHidden
            rows={items.toSorted((a, b) => Number(a.state === "taken") - Number(b.state === "taken"))}
            keyOf={(row) => row.id}
            columns={[
              { id: "given", head: words.given, cell: (row) => dayAndTime(row.given_at, language) },
              {
                id: "places",
                head: words.fromTo,
                cell: (row) => `${names.place(row.from_place_id)} › ${names.place(row.to_place_id)}`,
              },
              {
                id: "state",
                head: words.state,
                cell: (row) =>
                  row.taken_at ? (
                    <Badge state="ok">{words.takenAt(dayAndTime(row.taken_at, language))}</Badge>
                  ) : (
                    <Badge state="warn">{words.notTaken}</Badge>
                  ),
              },
              {
                id: "acts",
                head: words.acts,
                cell: (row) => {
                  const takes =
                    row.state === "given" && ours(row.to_place_id) && may("cooperation:transport.act");
                  return (
                    <Link
                      className="button"
                      data-kind={takes ? "primary" : undefined}
                      href={`/hospital/deliveries/${row.id}`}
                    >
                      {takes ? words.take : words.see}
                    </Link>
                  );
                },
              },
            ]}
          />
        )
      }
    </Read>
  );
}
