import { api, body, type Schema } from "../../../api/client";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { SmallRows } from "../../../records/rows";
import { type Edited, type Group, only, optionsOf, type Values } from "../../../records/values";
import { faultAt, SelectField, TextField } from "../../../ui/field";
import { useLanguage, useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import {
  ANNOUNCEMENTS,
  type Announcement,
  type Line,
  readAnnouncements,
  useClients,
  useLines,
} from "./shared";
import { phoneWords } from "./words";

type Part = Schema<"telesecretariat.Part">;
type Words = (typeof phoneWords)["fr"];

/** What a line says at each moment: of one line, or of all lines of the centre. */
export default function Announcements({ id }: ChapterProps) {
  const words = useWords(phoneWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const lines = useLines().data ?? [];
  const client = useClients().data?.[0];
  const noun: Noun<Announcement> = {
    path: "announcements",
    title: all.announcements,
    intro: words.announcementsIntro,
    add: words.addAnnouncement,
    addTitle: words.newAnnouncement,
    empty: words.noAnnouncement,
    queryKey: ANNOUNCEMENTS,
    read: readAnnouncements,
    name: (row) => {
      const line = lines.find((each) => each.id === row.line_id)?.name;
      return line ? `${words.moments[row.moment]} · ${line}` : words.moments[row.moment];
    },
    columns: [
      {
        id: "said",
        head: words.parts,
        cell: (row) => row.parts.map((each) => (language === "en" ? each.text_en : each.text)).join(" "),
      },
    ],
    groups: () => groupsOf(words, lines),
    blank: { moment: "welcome", line_id: null, parts: [blankPart] },
    values: (row) => ({ ...row }),
    ...(client
      ? {
          create: (values: Values, key: string) =>
            body(
              api.POST("/api/telesecretariat/v1/announcements", {
                body: {
                  ...(only(values, "moment line_id") as Pick<Announcement, "moment" | "line_id">),
                  parts: partsOf(values),
                  client_id: client.id,
                },
                headers: act(key),
              }),
            ),
        }
      : {}),
    change: (row, values, key, version) =>
      body(
        api.PATCH("/api/telesecretariat/v1/announcements/{announcement_id}", {
          params: { path: { announcement_id: row.id } },
          body: { parts: partsOf(values) },
          headers: act(key, version),
        }),
      ),
  };
  return <NounScreen noun={noun} id={id} />;
}

const blankPart: Part = { kind: "recording", text: "", text_en: "", fragment: "" };

/** Of each part only what its form has. */
function partsOf(values: Values): Part[] {
  return ((values.parts ?? []) as Part[]).map(({ kind, text, text_en, fragment, number, at }) => ({
    kind,
    text,
    text_en,
    ...(kind === "recording" ? { fragment: fragment || null } : {}),
    ...(kind === "number" ? { number: number || null } : {}),
    ...(kind === "date" ? { at: at || null } : {}),
  }));
}

function groupsOf(words: Words, lines: readonly Line[]): readonly Group[] {
  return [
    {
      legend: words.identity,
      fields: [
        {
          kind: "choice",
          name: "moment",
          label: words.moment,
          options: optionsOf(words.moments),
          fixed: true,
        },
        {
          kind: "choice",
          name: "line_id",
          label: words.line,
          none: words.allLines,
          fixed: true,
          options: lines.map((each) => ({ value: each.id, label: each.name })),
        },
      ],
    },
    {
      legend: words.parts,
      fields: [
        {
          kind: "own",
          name: "parts",
          label: words.parts,
          say: (value) => ((value ?? []) as Part[]).map((each) => each.text).join(" "),
          edit: (edited) => <Parts {...edited} words={words} />,
        },
      ],
    },
  ];
}

/** The sentences one after the other; each is a recording of the telephone system, or something it puts together. */
function Parts({ value, change, refusal, words }: Edited & { readonly words: Words }) {
  const fault = (place: number, name: string) => faultAt(refusal, `/parts/${place}/${name}`);
  return (
    <SmallRows<Part>
      legend={words.parts}
      add={words.addPart}
      most={20}
      rows={(value ?? []) as Part[]}
      blank={blankPart}
      onChange={change}
      edit={(row, set, place) => (
        <>
          <SelectField
            label={words.partKind}
            value={row.kind}
            fault={faultAt(refusal, `/parts/${place}`)}
            onChange={(event) => set({ kind: event.target.value as Part["kind"] })}
          >
            {optionsOf(words.partKinds)
              .filter((each) => each.value !== "date" || row.kind === "date")
              .map((each) => (
                <option key={each.value} value={each.value}>
                  {each.label}
                </option>
              ))}
          </SelectField>
          {row.kind === "recording" ? (
            <TextField
              label={words.fragment}
              className="mono"
              value={row.fragment ?? ""}
              fault={fault(place, "fragment")}
              onChange={(event) => set({ fragment: event.target.value })}
            />
          ) : null}
          {row.kind === "number" ? (
            <TextField
              label={words.number}
              type="tel"
              value={row.number ?? ""}
              fault={fault(place, "number")}
              onChange={(event) => set({ number: event.target.value })}
            />
          ) : null}
          <TextField
            label={words.textFr}
            value={row.text}
            maxLength={280}
            fault={fault(place, "text")}
            onChange={(event) => set({ text: event.target.value })}
          />
          <TextField
            label={words.textEn}
            lang="en"
            value={row.text_en}
            maxLength={280}
            fault={fault(place, "text_en")}
            onChange={(event) => set({ text_en: event.target.value })}
          />
        </>
      )}
    />
  );
}
