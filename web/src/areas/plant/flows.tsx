import type { ChapterProps } from "../../records/chapters";
import { type Group, optionsOf, type Values } from "../../records/values";
import { TextField } from "../../ui/field";
import { useWords } from "../../words/language";
import { Below } from "./below";
import { Collection, useLive } from "./collection";
import { type PlantWords, plantWords } from "./words";

type Cut = Readonly<Record<string, string>>;

/** Other things that are ordered and carried: laundry, meals, waste; and what of each may be ordered. */
export default function Flows({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const flows = useLive("flows");
  const sites = useLive("sites").filter((row) => row.kind === "hospital");
  return (
    <Collection
      id={id}
      many="flows"
      title={words.flows}
      intro={words.flowsIntro}
      add={words.addFlow}
      addTitle={words.newFlow}
      empty={words.noFlow}
      stays
      made="code name unit direction cleanliness cut_offs incompatible least_c most_c lots double_check"
      changed="name unit cut_offs incompatible least_c most_c lots double_check"
      name={(row) => row.name}
      sent={(values) => ({ ...values, cut_offs: given(values) })}
      columns={[
        { id: "unit", head: words.unit, cell: (row) => row.unit },
        { id: "direction", head: words.direction, cell: (row) => words.directions[row.direction] },
        { id: "clean", head: words.cleanliness, cell: (row) => words.cleannesses[row.cleanliness] },
      ]}
      groups={(row) => [
        identity(words),
        {
          legend: words.limits,
          fields: [
            { kind: "number", name: "least_c", label: words.leastC, min: -40, max: 100, step: 0.5 },
            { kind: "number", name: "most_c", label: words.mostC, min: -40, max: 100, step: 0.5 },
            { kind: "yes", name: "lots", label: words.lots },
            { kind: "yes", name: "double_check", label: words.doubleCheck },
            {
              kind: "set",
              name: "incompatible",
              label: words.incompatible,
              options: [
                { value: "sterilisation", label: words.sterilisation },
                ...flows
                  .filter((each) => each.id !== row?.id)
                  .map((each) => ({ value: each.code, label: each.name })),
              ],
            },
          ],
        },
        cutOffs(words, sites),
      ]}
      blank={{
        code: "",
        name: "",
        unit: "",
        direction: null,
        cleanliness: null,
        cut_offs: {},
        incompatible: [],
        least_c: null,
        most_c: null,
        lots: false,
        double_check: false,
      }}
      beside={(row) => (
        <Below
          key={row.id}
          many="items"
          of="flow_id"
          above={row.id}
          title={words.items}
          add={words.addItem}
          empty={words.noItem}
          name={(each) => each.name}
          say={(each) => each.code}
          groups={[
            {
              legend: words.identity,
              fields: [
                { kind: "text", name: "name", label: words.name, required: true, max: 120 },
                { kind: "text", name: "code", label: words.code, required: true, fixed: true, max: 40 },
              ],
            },
          ]}
          blank={{ name: "", code: "" }}
          made="name code"
          changed="name"
        />
      )}
    />
  );
}

/** Sites whose time was emptied have none. */
const given = (values: Values): Cut =>
  Object.fromEntries(Object.entries((values.cut_offs ?? {}) as Cut).filter(([, at]) => at));

const identity = (words: PlantWords): Group => ({
  legend: words.identity,
  fields: [
    { kind: "text", name: "name", label: words.name, required: true, max: 120 },
    {
      kind: "text",
      name: "code",
      label: words.code,
      hint: words.flowCodeHint,
      required: true,
      fixed: true,
      max: 40,
    },
    { kind: "text", name: "unit", label: words.unit, hint: words.unitHint, required: true, max: 120 },
    {
      kind: "choice",
      name: "direction",
      label: words.direction,
      options: optionsOf(words.directions),
      required: true,
      fixed: true,
    },
    {
      kind: "choice",
      name: "cleanliness",
      label: words.cleanliness,
      options: [
        { value: "clean", label: words.cleannesses.clean },
        { value: "dirty", label: words.cleannesses.dirty },
      ],
      required: true,
      fixed: true,
    },
  ],
});

/** Until when, the day before, each site's order is taken. */
const cutOffs = (
  words: PlantWords,
  sites: readonly { readonly id: string; readonly name: string }[],
): Group => ({
  legend: words.cutOffs,
  folded: true,
  fields: [
    {
      kind: "own",
      name: "cut_offs",
      label: words.cutOffs,
      say: (value) =>
        sites
          .filter((site) => ((value ?? {}) as Cut)[site.id])
          .map((site) => `${site.name} ${((value ?? {}) as Cut)[site.id]?.slice(0, 5)}`)
          .join(" · "),
      edit: ({ value, change }) => (
        <div className="records-fields">
          {sites.map((site) => (
            <TextField
              key={site.id}
              type="time"
              label={site.name}
              value={((value ?? {}) as Cut)[site.id]?.slice(0, 5) ?? ""}
              onChange={(event) => change({ ...((value ?? {}) as Cut), [site.id]: event.target.value })}
            />
          ))}
        </div>
      ),
    },
  ],
});
