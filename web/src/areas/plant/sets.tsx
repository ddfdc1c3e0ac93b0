import { useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { serialOf } from "../../cooperation/names";
import type { ChapterProps } from "../../records/chapters";
import { type Noun, NounScreen } from "../../records/noun";
import { act } from "../../records/read";
import { only } from "../../records/values";
import { useWords } from "../../words/language";
import { useAll, useLive } from "./collection";
import { useOwners } from "./owners";
import { SetInstruments } from "./set-instruments";
import { type InstrumentSet, readSets, SETS } from "./set-rows";
import { SetStatus } from "./set-status";
import { plantWords } from "./words";

/** Sets: made with a mark and a composition that is adopted; renamed, given a home, retired. */
export default function Sets({ id }: ChapterProps) {
  return <NounScreen noun={useNoun()} id={id} />;
}

function useNoun(): Noun<InstrumentSet> {
  const words = useWords(plantWords);
  const client = useQueryClient();
  const owners = useOwners();
  const compositions = useAll("compositions").data ?? [];
  const adopted = useLive("compositions").filter((row) => row.adopted_version_id !== null);
  const sites = useAll("sites").data ?? [];
  const places = useLive("places").map((row) => ({
    value: row.id,
    label: `${row.name}, ${sites.find((site) => site.id === row.site_id)?.name ?? ""}`,
    owner: row.organisation_id,
    kind: row.kind,
  }));
  const open = places
    .filter((row) => row.kind !== "outside")
    .toSorted((one, other) => one.label.localeCompare(other.label));
  const again = () => client.invalidateQueries({ queryKey: ["cooperation", "sets"] });
  return {
    path: "sets",
    title: words.sets,
    intro: words.setsIntro,
    add: words.addSet,
    addTitle: words.newSet,
    empty: words.noSet,
    stays: true,
    queryKey: SETS,
    read: readSets,
    name: (row) => row.name,
    inactive: (row) => row.status === "retired",
    columns: [
      {
        id: "composition",
        head: words.composition,
        cell: (row) => compositions.find((each) => each.id === row.composition_id)?.name ?? "",
      },
      { id: "owner", head: words.owner, cell: (row) => owners.name(row.organisation_id) },
      { id: "tag", head: words.tag, cell: (row) => <span className="mono">{serialOf(row.tag)}</span> },
    ],
    groups: (row) => [
      {
        legend: words.identity,
        fields: [
          { kind: "text", name: "name", label: words.name, required: true, max: 120 },
          {
            kind: "text",
            name: "tag",
            label: words.tag,
            hint: words.tagHint,
            required: true,
            fixed: true,
          },
          {
            kind: "choice",
            name: "composition_id",
            label: words.composition,
            hint: words.compositionHint,
            options: (row ? compositions : adopted).map((each) => ({
              value: each.id,
              label: `${each.name} (${each.code}), ${owners.name(each.organisation_id)}`,
            })),
            required: true,
            fixed: true,
          },
          ...(row
            ? []
            : [
                {
                  kind: "choice" as const,
                  name: "place_id",
                  label: words.placeNow,
                  options: open,
                  required: true,
                },
              ]),
          {
            kind: "choice",
            name: "home_place_id",
            label: words.homePlace,
            none: words.noHome,
            options: row ? open.filter((each) => each.owner === row.organisation_id) : open,
          },
        ],
      },
    ],
    blank: { name: "", tag: "", composition_id: null, place_id: null, home_place_id: null },
    values: (row) => ({ ...row }),
    create: async (values, key) => {
      const made = await body(
        api.POST("/api/cooperation/v1/sets", {
          body: only(
            values,
            "name tag composition_id place_id home_place_id",
          ) as unknown as Schema<"cooperation.SetIn">,
          headers: act(key),
        }),
      );
      await again();
      return made;
    },
    change: async (row, values, key, version) => {
      const after = await body(
        api.PATCH("/api/cooperation/v1/sets/{set_id}", {
          params: { path: { set_id: row.id } },
          body: only(values, "name home_place_id") as Schema<"cooperation.SetPatch">,
          headers: act(key, version),
        }),
      );
      await again();
      return after;
    },
    beside: (row) => (
      <>
        <p>
          <Link className="button" href={`/sets/${row.id}`}>
            {words.openFile}
          </Link>
        </p>
        <SetInstruments set={row} />
        <SetStatus set={row} />
      </>
    ),
  };
}
