import { Link, useSearch } from "wouter";
import type { ChapterProps } from "../../records/chapters";
import { type Group, optionsOf, type Values } from "../../records/values";
import { Badge } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { addDays, dateOnly, dayOf, instantAt, now, today } from "../../words/time";
import { Collection, type Rows, useAll } from "./collection";
import { type PlantWords, plantWords } from "./words";

type Programme = Rows["programmes"];
const BOUNDS =
  "kind temp_c band_k spread_k most_c plateau_s saturation_k a0_min a0_floor_c max_gap_s expected_min";
const steam = (values: Values) => values.kind === "steam";
const washing = (values: Values) => values.kind === "washing";

/** Programmes of the machines: the bounds that a cycle is judged by never change; a new number takes over. */
export default function Programmes({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const { language } = useLanguage();
  const earlier = new URLSearchParams(useSearch()).get("from");
  const rows = useAll("programmes").data ?? [];
  const from = rows.find((row) => row.id === earlier);
  return (
    <Collection
      key={earlier}
      id={id}
      many="programmes"
      title={words.programmes}
      intro={words.programmesIntro}
      add={words.addProgramme}
      addTitle={from ? words.nextOf(from.name) : words.newProgramme}
      empty={words.noProgramme}
      made={`code name valid_from ${BOUNDS}`}
      changed="name valid_to"
      name={(row) => words.programmeOf(row.name, row.no)}
      values={(row) => ({
        ...row,
        valid_day: dayOf(row.valid_from),
        last_day: row.valid_to ? dayOf(row.valid_to) : null,
      })}
      sent={(values) => ({
        ...values,
        valid_from: startOf(String(values.valid_day ?? today()), from !== undefined),
        valid_to: values.last_day ? instantAt(String(values.last_day), "00:00") : null,
      })}
      columns={[
        { id: "validity", head: words.validity, cell: (row) => <Validity row={row} /> },
        { id: "kind", head: words.kind, cell: (row) => words.programmeKinds[row.kind] },
        {
          id: "temp",
          head: words.temperature,
          number: true,
          cell: (row) => words.degrees(row.temp_c),
        },
        { id: "since", head: words.validFrom, cell: (row) => dateOnly(row.valid_from, language) },
      ]}
      groups={(row) => questions(words, row !== null, from !== undefined)}
      blank={from ? next(from) : BLANK}
      beside={(row) => (
        <p>
          <Link className="button" href={`/plant/programmes/new?from=${row.id}`}>
            {words.nextNumber}
          </Link>
        </p>
      )}
    />
  );
}

const BLANK: Values = {
  code: "",
  name: "",
  kind: null,
  temp_c: 134,
  band_k: 3,
  spread_k: 2,
  most_c: null,
  plateau_s: 0,
  saturation_k: null,
  a0_min: 0,
  a0_floor_c: 65,
  max_gap_s: 5,
  expected_min: 60,
  valid_day: today(),
};

const next = (row: Programme): Values => ({
  ...row,
  valid_day: addDays(today(), 1),
});

/** From midnight, in Paris; a first number that begins today begins now: nothing is judged backwards. */
const startOf = (day: string, follows: boolean) =>
  day === today() && follows ? new Date(now().getTime() + 60_000).toISOString() : instantAt(day, "00:00");

function Validity({ row }: { readonly row: Programme }) {
  const words = useWords(plantWords);
  const at = now().getTime();
  if (row.valid_to && Date.parse(row.valid_to) <= at) return <Badge>{words.over}</Badge>;
  if (Date.parse(row.valid_from) > at) return <Badge state="info">{words.toCome}</Badge>;
  return <Badge state="ok">{words.valid}</Badge>;
}

function questions(words: PlantWords, made: boolean, follows: boolean): Group[] {
  return [
    {
      legend: words.identity,
      fields: [
        { kind: "text", name: "name", label: words.name, required: true, max: 120 },
        {
          kind: "text",
          name: "code",
          label: words.code,
          hint: words.programmeCodeHint,
          required: true,
          fixed: true,
          max: 40,
        },
        {
          kind: "choice",
          name: "kind",
          label: words.kind,
          options: optionsOf(words.programmeKinds),
          required: true,
          fixed: true,
        },
        {
          kind: "date",
          name: "valid_day",
          label: words.validFrom,
          ...(follows ? { hint: words.followsHint } : {}),
          required: true,
          fixed: true,
        },
        ...(made
          ? [{ kind: "date" as const, name: "last_day", label: words.validTo, hint: words.validToHint }]
          : []),
      ],
    },
    { legend: words.bounds, fields: bounds(words) },
  ];
}

function bounds(words: PlantWords): Group["fields"] {
  const number = (name: keyof PlantWords["boundNames"], min: number, max: number, step = 1) => ({
    kind: "number" as const,
    name,
    label: words.boundNames[name],
    min,
    max,
    step,
    fixed: true,
  });
  return [
    { ...number("temp_c", 20, 150, 0.1), required: true },
    number("band_k", 0.1, 20, 0.1),
    number("spread_k", 0.1, 20, 0.1),
    number("most_c", 20, 160, 0.1),
    number("plateau_s", 0, 86_400),
    { ...number("saturation_k", 0.1, 20, 0.1), when: steam },
    { ...number("a0_min", 0, 100_000), when: washing },
    { ...number("a0_floor_c", 50, 90), when: washing },
    number("max_gap_s", 1, 60),
    { ...number("expected_min", 1, 1440), required: true },
  ];
}
