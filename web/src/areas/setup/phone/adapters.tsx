import { api, body, type Schema } from "../../../api/client";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { type Group, optionsOf, type Values } from "../../../records/values";
import { Badge } from "../../../ui/state";
import { useLanguage, useWords } from "../../../words/language";
import { dayAndTime } from "../../../words/time";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { AdapterState } from "./adapter-state";
import { ADAPTERS, type Adapter, readAdapters, useLines } from "./shared";
import { phoneWords } from "./words";

/** The record as the form takes it: it is changed under the version of its settings. */
type Row = Adapter & { readonly version: number };

const SETTINGS = { simulated: [], webhook: ["unsigned_networks"], ari: ["app", "device", "trunk", "music"] };

const readRows = async (): Promise<Row[]> =>
  (await readAdapters()).map((each) => ({ ...each, version: each.setup?.version ?? 0 }));

/** Telephone systems: whether they answer, how they are reached, with which secret they sign. */
export default function Adapters({ id }: ChapterProps) {
  const words = useWords(phoneWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const lines = useLines().data ?? [];
  const reread = async (made: { readonly id: string }) => {
    const found = (await readRows()).find((each) => each.id === made.id);
    if (!found) throw new Error("the telephone system that was just saved is not listed");
    return found;
  };
  const noun: Noun<Row> = {
    path: "adapters",
    title: all.adapters,
    intro: words.adaptersIntro,
    add: words.addAdapter,
    addTitle: words.newAdapter,
    empty: words.noAdapter,
    queryKey: [...ADAPTERS, "rows"],
    read: readRows,
    topics: ["telesecretariat.adapter_up", "telesecretariat.adapter_down"],
    stays: true,
    name: (row) => row.id,
    columns: [
      {
        id: "state",
        head: all.state,
        cell: (row) => (
          <Badge state={row.state === "up" ? "ok" : "danger"}>{words.adapterStates[row.state]}</Badge>
        ),
      },
      { id: "kind", head: words.kind, cell: (row) => words.adapterKinds[row.kind] },
      { id: "since", head: words.from, cell: (row) => dayAndTime(row.since, language) },
      {
        id: "lines",
        head: all.lines,
        cell: (row) =>
          lines
            .filter((each) => each.adapter_id === row.id)
            .map((each) => each.name)
            .join(", "),
      },
    ],
    groups: () => groupsOf(words),
    blank: { id: "", kind: "webhook", settings: { unsigned_networks: [] } },
    values: (row) => ({ id: row.id, kind: row.kind, settings: row.setup?.settings ?? {} }),
    create: async (values, key) =>
      reread(
        await body(
          api.POST("/api/telesecretariat/v1/telephony/adapters", {
            body: {
              id: String(values.id).trim(),
              kind: values.kind as Adapter["kind"],
              settings: settingsOf(values),
            },
            headers: act(key),
          }),
        ),
      ),
    change: async (row, values, key, version) =>
      reread(
        await body(
          api.PATCH("/api/telesecretariat/v1/telephony/adapters/{id}", {
            params: { path: { id: row.id } },
            body: { settings: settingsOf(values) },
            headers: act(key, version),
          }),
        ),
      ),
    beside: (row) => <AdapterState adapter={row} />,
  };
  return <NounScreen noun={noun} id={id} />;
}

/** Only what this kind has, and only what was said. */
function settingsOf(values: Values): Schema<"telesecretariat.Settings"> {
  const given = (values.settings ?? {}) as Values;
  const named = SETTINGS[values.kind as Adapter["kind"]].map((name) => {
    const said = given[name];
    const kept = Array.isArray(said) ? said.map((each) => String(each).trim()).filter(Boolean) : said;
    return [name, kept] as const;
  });
  return Object.fromEntries(
    named.filter(([, said]) => (Array.isArray(said) ? said.length > 0 : Boolean(said))),
  ) as unknown as Schema<"telesecretariat.Settings">;
}

function groupsOf(words: (typeof phoneWords)["fr"]): readonly Group[] {
  const of = (kind: Adapter["kind"]) => (values: Values) => values.kind === kind;
  return [
    {
      legend: words.identity,
      fields: [
        {
          kind: "text",
          name: "id",
          label: words.adapterName,
          hint: words.adapterNameHint,
          required: true,
          fixed: true,
          max: 40,
        },
        {
          kind: "choice",
          name: "kind",
          label: words.kind,
          options: optionsOf(words.adapterKinds),
          fixed: true,
        },
      ],
    },
    {
      legend: words.settings,
      fields: [
        {
          kind: "lines",
          name: "settings.unsigned_networks",
          label: words.unsigned,
          hint: words.unsignedHint,
          when: of("webhook"),
        },
        {
          kind: "text",
          name: "settings.device",
          label: words.ariDevice,
          hint: words.ariDeviceHint,
          when: of("ari"),
        },
        {
          kind: "text",
          name: "settings.trunk",
          label: words.ariTrunk,
          hint: words.ariTrunkHint,
          when: of("ari"),
        },
        { kind: "text", name: "settings.app", label: words.ariApp, when: of("ari") },
        { kind: "text", name: "settings.music", label: words.ariMusic, when: of("ari") },
      ],
    },
  ];
}
