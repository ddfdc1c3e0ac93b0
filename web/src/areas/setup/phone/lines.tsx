import { api, body, type Schema } from "../../../api/client";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { SmallRows } from "../../../records/rows";
import { type Group, only, optionsOf, trimmed, type Values } from "../../../records/values";
import { SelectField, TextField } from "../../../ui/field";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { Hears } from "./hears";
import { LINES, type Line, readLines, useAdapters, useCalendars, useClients } from "./shared";
import { phoneWords } from "./words";

type LineIn = Schema<"telesecretariat.LineIn">;
type Overflow = Schema<"telesecretariat.OverflowRule">;
const CHANGES =
  "active adapter_id calendar_id callback_policy distribution duty_sectors emergency_targets head_starts max_waiting mode name number offer_s overflow_rules preferred_skills relax_after_s required_skills strategy web_address wrap_up_s";
const LISTS = ["duty_sectors", "emergency_targets", "preferred_skills", "required_skills"];

/** Lines: their hours, how calls are given, and what a caller would hear at any instant. */
export default function Lines({ id }: ChapterProps) {
  const words = useWords(phoneWords);
  const all = useWords(setupWords);
  const calendars = useCalendars().data ?? [];
  const adapters = (useAdapters().data ?? []).map((each) => each.id);
  const client = useClients().data?.[0];
  const noun: Noun<Line> = {
    path: "lines",
    title: all.lines,
    add: words.addLine,
    addTitle: words.newLine,
    empty: words.noLine,
    queryKey: LINES,
    read: readLines,
    topics: ["telesecretariat.line_opened", "telesecretariat.line_closed"],
    name: (row) => row.name,
    inactive: (row) => !row.active,
    columns: [
      { id: "number", head: words.number, cell: (row) => <span className="mono">{row.number}</span> },
      {
        id: "hours",
        head: words.calendar,
        cell: (row) => calendars.find((each) => each.id === row.calendar_id)?.name ?? "",
      },
      { id: "distribution", head: words.distribution, cell: (row) => words.distributions[row.distribution] },
    ],
    groups: (row) => groupsOf(words, calendars, [...new Set([...adapters, row?.adapter_id ?? "simulated"])]),
    blank: {
      name: "",
      number: "",
      calendar_id: calendars[0]?.id ?? null,
      adapter_id: "simulated",
      mode: "owned",
      distribution: "offer",
      strategy: "longest_idle",
      offer_s: 15,
      wrap_up_s: 30,
      max_waiting: 50,
      relax_after_s: 60,
      callback_policy: { offered: true, from_s: 180 },
      emergency_targets: ["15"],
      web_address: "",
      active: true,
    },
    values: (row) => ({ ...row }),
    ...(client
      ? {
          create: (values: Values, key: string) =>
            body(
              api.POST("/api/telesecretariat/v1/lines", {
                body: { ...given(values), active: undefined, client_id: client.id } as unknown as LineIn,
                headers: act(key),
              }),
            ),
        }
      : {}),
    change: (row, values, key, version) =>
      body(
        api.PATCH("/api/telesecretariat/v1/lines/{line_id}", {
          params: { path: { line_id: row.id } },
          body: given(values) as Schema<"telesecretariat.LinePatch">,
          headers: act(key, version),
        }),
      ),
    beside: (row) => <Hears lineId={row.id} />,
  };
  return <NounScreen noun={noun} id={id} />;
}

const given = (values: Values) => trimmed(only(values, CHANGES), LISTS);

function groupsOf(
  words: (typeof phoneWords)["fr"],
  calendars: readonly { readonly id: string; readonly name: string }[],
  adapters: readonly string[],
): readonly Group[] {
  return [
    {
      legend: words.identity,
      fields: [
        { kind: "text", name: "name", label: words.name, required: true },
        { kind: "tel", name: "number", label: words.number, required: true },
        {
          kind: "choice",
          name: "calendar_id",
          label: words.calendar,
          options: calendars.map((each) => ({ value: each.id, label: each.name })),
        },
        { kind: "text", name: "web_address", label: words.web, never: "null" },
        { kind: "yes", name: "active", label: words.active },
      ],
    },
    {
      legend: words.distributionTitle,
      folded: true,
      fields: [
        { kind: "choice", name: "mode", label: words.mode, options: optionsOf(words.lineModes) },
        {
          kind: "choice",
          name: "distribution",
          label: words.distribution,
          options: optionsOf(words.distributions),
        },
        { kind: "choice", name: "strategy", label: words.strategy, options: optionsOf(words.strategies) },
        {
          kind: "choice",
          name: "adapter_id",
          label: words.adapter,
          options: adapters.map((each) => ({ value: each, label: each })),
        },
        { kind: "lines", name: "required_skills", label: words.requiredSkills },
        { kind: "lines", name: "preferred_skills", label: words.preferredSkills },
        { kind: "number", name: "relax_after_s", label: words.relax, min: 0 },
      ],
    },
    {
      legend: words.limits,
      folded: true,
      fields: [
        { kind: "number", name: "offer_s", label: words.offerS, min: 1 },
        { kind: "number", name: "wrap_up_s", label: words.wrapUp, min: 0 },
        { kind: "number", name: "max_waiting", label: words.maxWaiting, min: 1 },
        { kind: "number", name: "callback_policy.from_s", label: words.callbackFrom, min: 0 },
        { kind: "yes", name: "callback_policy.offered", label: words.offerCallback },
        {
          kind: "own",
          name: "overflow_rules",
          label: words.overflow,
          say: (value) =>
            ((value ?? []) as Overflow[])
              .map(
                (each) =>
                  `${words.overflowWhens[each.when]} ${each.at_least}: ${words.overflowActs[each.act]}`,
              )
              .join(" · "),
          edit: ({ value, change }) => (
            <SmallRows<Overflow>
              legend={words.overflow}
              add={words.addOverflow}
              rows={(value ?? []) as Overflow[]}
              blank={{ when: "wait_s", at_least: 300, act: "announce", to: null }}
              onChange={change}
              edit={(row, set) => (
                <>
                  <SelectField
                    label={words.overflowWhen}
                    value={row.when}
                    onChange={(event) => set({ when: event.target.value as Overflow["when"] })}
                  >
                    {optionsOf(words.overflowWhens).map((each) => (
                      <option key={each.value} value={each.value}>
                        {each.label}
                      </option>
                    ))}
                  </SelectField>
                  <TextField
                    label={words.atLeast}
                    type="number"
                    value={row.at_least}
                    onChange={(event) => set({ at_least: Number(event.target.value) })}
                  />
                  <SelectField
                    label={words.overflowAct}
                    value={row.act}
                    onChange={(event) => set({ act: event.target.value as Overflow["act"] })}
                  >
                    {optionsOf(words.overflowActs).map((each) => (
                      <option key={each.value} value={each.value}>
                        {each.label}
                      </option>
                    ))}
                  </SelectField>
                  {row.act === "transfer" ? (
                    <TextField
                      label={words.overflowTo}
                      type="tel"
                      value={row.to ?? ""}
                      onChange={(event) => set({ to: event.target.value || null })}
                    />
                  ) : null}
                </>
              )}
            />
          ),
        },
      ],
    },
    {
      legend: words.headStarts,
      folded: true,
      fields: optionsOf(words.heads).map(({ value, label }) => ({
        kind: "number" as const,
        name: `head_starts.${value}`,
        label,
        min: 0,
        max: 3600,
      })),
    },
    {
      legend: words.safety,
      folded: true,
      fields: [
        { kind: "lines", name: "emergency_targets", label: words.emergency },
        { kind: "lines", name: "duty_sectors", label: words.sectors },
      ],
    },
  ];
}
