import { useState } from "react";
import { Button } from "../../../ui/button";
import { Empty } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useLanguage, useWords } from "../../../words/language";
import { today } from "../../../words/time";
import { setupWords } from "../words";
import type { Rule } from "./preview";
import { RuleDialog } from "./rule-form";
import { hoursText, repeatText } from "./shared";
import { hoursWords } from "./words";

interface Props {
  readonly rules: readonly Rule[];
  readonly siteId: string;
  readonly profession: "physician" | "nurse" | undefined;
  readonly onChange: (rules: readonly Rule[]) => void;
}

const BLANK = (): Rule => ({
  kind: "clinic",
  local_start: "09:00",
  local_end: "12:00",
  reason_ids: [],
  modes: ["on_site"],
  room_id: null,
  step_minutes: null,
  audiences: ["public", "secretariat", "partner", "regulator"],
  releases: [],
  first_date: today(),
  rrule: "FREQ=WEEKLY;BYDAY=MO",
  on_holidays: false,
});

/** The windows that recur, as a table that is changed in memory: nothing is sent before the preview was seen. */
export function Rules({ rules, siteId, profession, onChange }: Props) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const [open, setOpen] = useState<number | "new" | null>(null);
  const said = (rule: Rule) =>
    `${repeatText(rule, words, all, language)} ${hoursText(rule.local_start, rule.local_end, language)}`;
  const edited = typeof open === "number" ? rules[open] : undefined;
  return (
    <section className="stack">
      <div className="row spread">
        <h2>{words.rules}</h2>
        <Button onClick={() => setOpen("new")}>{words.addRule}</Button>
      </div>
      {rules.length === 0 ? (
        <Empty>{words.noRule}</Empty>
      ) : (
        <DataTable
          caption={words.rules}
          captionHidden
          rows={rules.map((rule, place) => ({ rule, place }))}
          keyOf={({ place }) => String(place)}
          columns={[
            { id: "when", head: words.when, cell: ({ rule }) => repeatText(rule, words, all, language) },
            {
              id: "hours",
              head: words.hours,
              cell: ({ rule }) => hoursText(rule.local_start, rule.local_end, language),
            },
            {
              id: "what",
              head: words.what,
              cell: ({ rule }) => (
                <>
                  {words.kinds[rule.kind]}
                  {rule.kind === "admin" ? null : (
                    <span className="small muted">
                      {" "}
                      {rule.reason_ids.length === 0
                        ? words.allReasons
                        : words.reasonCount(rule.reason_ids.length)}
                    </span>
                  )}
                </>
              ),
            },
            {
              id: "acts",
              head: words.editRule,
              cell: ({ rule, place }) => (
                <span className="row">
                  <Button aria-label={words.editRuleOf(said(rule))} onClick={() => setOpen(place)}>
                    {words.editRule}
                  </Button>
                  <Button
                    kind="quiet"
                    aria-label={words.removeRuleOf(said(rule))}
                    onClick={() => onChange(rules.filter((_, at) => at !== place))}
                  >
                    {words.removeRule}
                  </Button>
                </span>
              ),
            },
          ]}
        />
      )}
      {open !== null ? (
        <RuleDialog
          rule={edited ?? BLANK()}
          made={edited !== undefined}
          siteId={siteId}
          profession={profession}
          onClose={() => setOpen(null)}
          onKeep={(rule) => {
            onChange(edited ? rules.map((each, at) => (at === open ? rule : each)) : [...rules, rule]);
            setOpen(null);
          }}
        />
      ) : null}
    </section>
  );
}
