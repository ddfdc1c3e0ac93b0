import { api, body, type Schema } from "../../../api/client";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { type Group, only, optionsOf, type Values } from "../../../records/values";
import { Badge } from "../../../ui/state";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { readSites, SITES, type Site, useSites } from "./shared";
import { centreWords } from "./words";

type SiteIn = Schema<"appointments.SiteIn">;

/** Centres, branches and mobile units. A site that is no longer used is put out of service, never deleted. */
export default function Sites({ id }: ChapterProps) {
  return <NounScreen noun={useSiteNoun()} id={id} />;
}

function useSiteNoun(): Noun<Site> {
  const words = useWords(centreWords);
  const all = useWords(setupWords);
  const sites = useSites().data ?? [];
  const groups = (row: Site | null): Group[] => [
    {
      legend: words.identity,
      fields: [
        { kind: "text", name: "name", label: words.name, required: true },
        { kind: "text", name: "code", label: words.code, hint: words.codeHint, required: true, fixed: true },
        { kind: "choice", name: "kind", label: words.kind, options: optionsOf(words.kinds) },
        {
          kind: "choice",
          name: "parent_id",
          label: words.parent,
          none: words.noParent,
          options: sites
            .filter((each) => each.id !== row?.id)
            .map((each) => ({ value: each.id, label: each.name })),
        },
        { kind: "yes", name: "active", label: words.active, hint: words.activeHint },
      ],
    },
    {
      legend: words.address,
      fields: [
        { kind: "text", name: "address_line", label: words.line },
        { kind: "text", name: "postal_code", label: words.postal },
        { kind: "text", name: "city", label: words.city, required: true },
        { kind: "tel", name: "phone", label: words.phone },
        { kind: "area", name: "access_note", label: words.access },
        {
          kind: "choice",
          name: "step_free",
          label: words.stepFree,
          none: words.stepFreeUnknown,
          options: [
            { value: "true", label: all.yes },
            { value: "false", label: all.no },
          ],
        },
      ],
    },
    {
      legend: words.numbers,
      folded: true,
      fields: [
        { kind: "text", name: "finess", label: words.finess },
        { kind: "text", name: "siret", label: words.siret },
        { kind: "text", name: "insee_code", label: words.insee },
        { kind: "number", name: "lat", label: words.lat, step: 0.001 },
        { kind: "number", name: "lon", label: words.lon, step: 0.001 },
        { kind: "text", name: "timezone", label: words.zone },
      ],
    },
  ];
  return {
    path: "sites",
    title: all.sites,
    add: words.addSite,
    addTitle: words.newSite,
    empty: words.noSite,
    queryKey: SITES,
    read: readSites,
    topics: ["appointments.site_changed"],
    name: (row) => row.name,
    inactive: (row) => !row.active,
    columns: [
      { id: "city", head: words.city, cell: (row) => row.city },
      { id: "kind", head: words.kind, cell: (row) => words.kinds[row.kind] },
      {
        id: "step",
        head: words.stepFree,
        cell: (row) =>
          row.step_free ? <Badge state="ok">{all.yes}</Badge> : row.step_free === false ? all.no : "",
      },
    ],
    groups,
    blank: { name: "", code: "", city: "", kind: "centre", active: true },
    values: (row) => ({ ...row, step_free: row.step_free === null ? null : String(row.step_free) }),
    create: (values, key) =>
      body(api.POST("/api/appointments/v1/sites", { body: siteIn(values), headers: act(key) })),
    change: (row, values, key, version) =>
      body(
        api.PUT("/api/appointments/v1/sites/{site_id}", {
          params: { path: { site_id: row.id } },
          body: siteIn(values),
          headers: act(key, version),
        }),
      ),
  };
}

function siteIn(values: Values): SiteIn {
  const step = values.step_free;
  return only(
    { ...values, step_free: step === null || step === undefined ? null : step === "true" },
    "name code kind parent_id active address_line postal_code city phone access_note step_free finess siret insee_code lat lon timezone",
  ) as SiteIn;
}
