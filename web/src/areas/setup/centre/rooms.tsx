import { api, body, type Schema } from "../../../api/client";
import { NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { only, type Values } from "../../../records/values";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { ROOMS, readRooms, useSites } from "./shared";
import { centreWords } from "./words";

type RoomIn = Schema<"appointments.RoomIn">;

/** Rooms and equipment that a window or a visit reason reserves. */
export default function Rooms({ id }: ChapterProps) {
  const words = useWords(centreWords);
  const all = useWords(setupWords);
  const sites = useSites().data ?? [];
  return (
    <NounScreen
      id={id}
      noun={{
        path: "rooms",
        title: all.rooms,
        add: words.addRoom,
        addTitle: words.newRoom,
        empty: words.noRoom,
        queryKey: ROOMS,
        read: readRooms,
        name: (row) => row.name,
        inactive: (row) => !row.active,
        columns: [
          {
            id: "site",
            head: words.site,
            cell: (row) => sites.find((each) => each.id === row.site_id)?.name ?? "",
          },
          { id: "kind", head: words.kind, cell: (row) => words[row.kind] },
          { id: "tags", head: words.needTag, cell: (row) => row.tags.join(", ") },
        ],
        groups: () => [
          {
            legend: words.identity,
            fields: [
              { kind: "text", name: "name", label: words.name, required: true },
              {
                kind: "choice",
                name: "site_id",
                label: words.site,
                required: true,
                options: sites.map((each) => ({ value: each.id, label: each.name })),
              },
              {
                kind: "choice",
                name: "kind",
                label: words.kind,
                options: [
                  { value: "room", label: words.room },
                  { value: "equipment", label: words.equipment },
                ],
              },
              { kind: "lines", name: "tags", label: words.tags, hint: words.tagsHint },
              { kind: "yes", name: "active", label: words.active },
            ],
          },
        ],
        blank: { name: "", site_id: sites[0]?.id ?? null, kind: "room", tags: [], active: true },
        values: (row) => ({ ...row }),
        create: (values, key) =>
          body(api.POST("/api/appointments/v1/rooms", { body: roomIn(values), headers: act(key) })),
        change: (row, values, key, version) =>
          body(
            api.PUT("/api/appointments/v1/rooms/{room_id}", {
              params: { path: { room_id: row.id } },
              body: roomIn(values),
              headers: act(key, version),
            }),
          ),
      }}
    />
  );
}

function roomIn(values: Values): RoomIn {
  const tags = (values.tags as string[]).map((tag) => tag.trim()).filter(Boolean);
  return only({ ...values, tags }, "name site_id kind tags active") as RoomIn;
}
