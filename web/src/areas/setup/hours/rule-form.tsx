import { useState } from "react";
import type { Schema } from "../../../api/client";
import { Fields } from "../../../records/fields";
import { SmallRows } from "../../../records/rows";
import { type Group, optionsOf, type Values } from "../../../records/values";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { SelectField, TextField } from "../../../ui/field";
import { useWords } from "../../../words/language";
import { useReasons, useRooms } from "../centre/shared";
import { setupWords } from "../words";
import type { Rule } from "./preview";
import { DAY_CODES, parseRule } from "./recurrence";
import { hoursWords } from "./words";

type Release = Schema<"appointments.appointments__schedules__schemas__Release-Output">;

interface Props {
  readonly rule: Rule;
  readonly made: boolean;
  readonly siteId: string;
  readonly profession: "physician" | "nurse" | undefined;
  readonly onKeep: (rule: Rule) => void;
  readonly onClose: () => void;
}

/** One window: its days, hours, and what it is for. It goes into the preview, not yet to the server. */
export function RuleDialog({ rule, made, siteId, profession, onKeep, onClose }: Props) {
  const words = useWords(hoursWords);
  const [values, set] = useState<Values>(() => valuesOf(rule));
  const groups = useRuleGroups(siteId, profession, values.raw !== null);
  return (
    <Dialog
      title={made ? words.ruleTitle : words.newRule}
      onClose={onClose}
      wide
      foot={
        <Button kind="primary" type="submit" form="setup-rule">
          {words.keepRule}
        </Button>
      }
    >
      <form
        id="setup-rule"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onKeep(ruleOf(rule, values));
        }}
      >
        <Fields groups={groups} values={values} onChange={set} refusal={null} made={made} />
      </form>
    </Dialog>
  );
}

/** A rule as the form asks for it: days of the week and how often, or its own words where it says more. */
function valuesOf(rule: Rule): Values {
  const repeat = rule.rrule ? parseRule(rule.rrule) : null;
  const simple =
    !rule.rrule ||
    (repeat?.frequency === "WEEKLY" &&
      repeat.count === null &&
      repeat.weekdays.every(({ nth }) => nth === 0));
  const named = repeat?.weekdays.length ? repeat.weekdays.map((each) => DAY_CODES[each.weekday]) : [];
  return {
    ...rule,
    days: named,
    interval: String(repeat?.interval ?? 1),
    last_date: repeat?.until ?? null,
    raw: simple ? null : rule.rrule,
  };
}

function ruleOf(before: Rule, values: Values): Rule {
  const { days, interval, last_date, raw, ...rest } = values as Values & {
    days: string[];
    interval: string;
    last_date: string | null;
    raw: string | null;
  };
  const until = last_date ? `;UNTIL=${last_date.replaceAll("-", "")}` : "";
  const every = interval === "1" ? "" : `;INTERVAL=${interval}`;
  const rrule = raw ?? (days.length > 0 ? `FREQ=WEEKLY${every};BYDAY=${days.join(",")}${until}` : null);
  return { ...before, ...(rest as unknown as Rule), rrule };
}

function useRuleGroups(siteId: string, profession: string | undefined, raw: boolean): readonly Group[] {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const reasons = useReasons().data ?? [];
  const rooms = (useRooms().data ?? []).filter((each) => each.site_id === siteId && each.active);
  const bookable = (values: Values) => values.kind !== "admin";
  return [
    {
      legend: words.when,
      fields: [
        raw
          ? { kind: "text", name: "raw", label: words.rawRule, hint: words.rawHint }
          : {
              kind: "set",
              name: "days",
              label: words.days,
              hint: words.onceHint,
              options: DAY_CODES.map((value, day) => ({ value, label: all.weekdays[day] ?? value })),
            },
        { kind: "time", name: "local_start", label: words.start, required: true },
        { kind: "time", name: "local_end", label: words.end, hint: words.endHint, required: true },
        {
          kind: "choice",
          name: "interval",
          label: words.every,
          options: [
            { value: "1", label: words.everyWeek },
            { value: "2", label: words.fortnight },
            { value: "3", label: words.nthWeek(3) },
            { value: "4", label: words.nthWeek(4) },
          ],
          when: (values) => !raw && (values.days as string[]).length > 0,
        },
        { kind: "date", name: "first_date", label: words.firstDay, hint: words.firstDayHint, required: true },
        { kind: "date", name: "last_date", label: words.lastDay, when: () => !raw },
        { kind: "yes", name: "on_holidays", label: words.onHolidays },
      ],
    },
    {
      legend: words.what,
      fields: [
        { kind: "choice", name: "kind", label: words.kind, options: optionsOf(words.kinds) },
        {
          kind: "choice",
          name: "room_id",
          label: words.room,
          none: words.noRoom,
          options: rooms.map((each) => ({ value: each.id, label: each.name })),
        },
        {
          kind: "set",
          name: "modes",
          label: words.modes,
          options: optionsOf(words.modeNames),
          when: bookable,
        },
        {
          kind: "set",
          name: "reason_ids",
          label: words.reasons,
          hint: words.reasonsHint,
          options: reasons
            .filter(
              (each) => each.active && (!profession || each.professions.includes(profession as "nurse")),
            )
            .map((each) => ({ value: each.id, label: each.label })),
          when: bookable,
        },
      ],
    },
    {
      legend: words.more,
      folded: true,
      fields: [
        { kind: "number", name: "step_minutes", label: words.step, hint: words.stepHint, min: 5, step: 5 },
        {
          kind: "set",
          name: "audiences",
          label: words.audiences,
          options: optionsOf(words.audienceNames),
          when: bookable,
        },
        {
          kind: "own",
          name: "releases",
          label: words.releases,
          when: bookable,
          say: () => "",
          edit: ({ value, change }) => <Releases rows={(value ?? []) as Release[]} onChange={change} />,
        },
      ],
    },
  ];
}

function Releases({
  rows,
  onChange,
}: {
  readonly rows: readonly Release[];
  readonly onChange: (rows: readonly Release[]) => void;
}) {
  const words = useWords(hoursWords);
  return (
    <SmallRows<Release>
      legend={words.releases}
      add={words.addRelease}
      most={10}
      rows={rows}
      blank={{ audience: "public", days_before: 0, local_time: "10:00" }}
      onChange={onChange}
      edit={(row, set) => (
        <>
          <SelectField
            label={words.whom}
            value={row.audience}
            onChange={(event) => set({ audience: event.target.value as Release["audience"] })}
          >
            {optionsOf(words.audienceNames).map((each) => (
              <option key={each.value} value={each.value}>
                {each.label}
              </option>
            ))}
          </SelectField>
          <TextField
            label={words.daysBefore}
            type="number"
            min={0}
            value={row.days_before}
            onChange={(event) => set({ days_before: Number(event.target.value) })}
          />
          <TextField
            label={words.atTime}
            type="time"
            value={row.local_time}
            onChange={(event) => set({ local_time: event.target.value })}
          />
        </>
      )}
    />
  );
}
