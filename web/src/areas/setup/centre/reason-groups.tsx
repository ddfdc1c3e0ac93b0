import type { Schema } from "../../../api/client";
import { SmallRows } from "../../../records/rows";
import { type Group, optionsOf } from "../../../records/values";
import { Check, faultAt, SelectField, TextField } from "../../../ui/field";
import { useWords } from "../../../words/language";
import { useProtocols } from "./shared";
import { centreWords } from "./words";

type Mode = Schema<"appointments.Mode">;
type Need = Schema<"appointments.Need">;
type Question = Schema<"appointments.Question">;

const numberOf = (text: string) => (text === "" ? null : Number(text));

/** What is asked about a visit reason, what changes most first. */
export function useReasonGroups(): readonly Group[] {
  const words = useWords(centreWords);
  const protocols = useProtocols().data ?? [];
  return [
    {
      legend: words.identity,
      fields: [
        { kind: "text", name: "label", label: words.label, required: true },
        { kind: "text", name: "public_label", label: words.publicLabel, required: true },
        { kind: "text", name: "public_label_en", label: words.publicLabelEn },
        { kind: "text", name: "code", label: words.code, hint: words.codeHint, required: true, fixed: true },
        { kind: "yes", name: "active", label: words.active },
      ],
    },
    {
      legend: words.modes,
      fields: [
        {
          kind: "set",
          name: "professions",
          label: words.professions,
          options: [
            { value: "physician", label: words.physician },
            { value: "nurse", label: words.nurse },
          ],
        },
        {
          kind: "own",
          name: "modes",
          label: words.modes,
          say: (value) =>
            ((value ?? []) as Mode[])
              .map((each) => `${words.modeNames[each.mode]} ${words.minutesOf(each.minutes)}`)
              .join(", "),
          edit: ({ value, change, refusal }) => (
            <SmallRows<Mode>
              legend={words.modes}
              add={words.addMode}
              most={4}
              rows={(value ?? []) as Mode[]}
              blank={{ mode: "teleconsultation", minutes: 15, first_visit_minutes: null, buffer_minutes: 0 }}
              onChange={change}
              edit={(row, set, place) => (
                <>
                  <SelectField
                    label={words.reasonWhere}
                    value={row.mode}
                    onChange={(event) => set({ mode: event.target.value as Mode["mode"] })}
                  >
                    {optionsOf(words.modeNames).map((each) => (
                      <option key={each.value} value={each.value}>
                        {each.label}
                      </option>
                    ))}
                  </SelectField>
                  <TextField
                    label={words.minutes}
                    type="number"
                    step={5}
                    min={5}
                    value={row.minutes || ""}
                    fault={faultAt(refusal, `/modes/${place}/minutes`)}
                    onChange={(event) => set({ minutes: Number(event.target.value) })}
                  />
                  <TextField
                    label={words.firstMinutes}
                    type="number"
                    step={5}
                    value={row.first_visit_minutes ?? ""}
                    fault={faultAt(refusal, `/modes/${place}/first_visit_minutes`)}
                    onChange={(event) => set({ first_visit_minutes: numberOf(event.target.value) })}
                  />
                  <TextField
                    label={words.buffer}
                    type="number"
                    step={5}
                    value={row.buffer_minutes ?? 0}
                    fault={faultAt(refusal, `/modes/${place}/buffer_minutes`)}
                    onChange={(event) => set({ buffer_minutes: Number(event.target.value) })}
                  />
                </>
              )}
            />
          ),
        },
      ],
    },
    {
      legend: words.reasonWho,
      fields: [
        { kind: "set", name: "bookable_by", label: words.bookableBy, options: optionsOf(words.audiences) },
        { kind: "number", name: "min_age", label: words.minAge, min: 0, max: 120 },
        { kind: "number", name: "max_age", label: words.maxAge, min: 0, max: 120 },
        {
          kind: "choice",
          name: "first_visit",
          label: words.firstVisit,
          options: optionsOf(words.firstVisits),
        },
        { kind: "yes", name: "known_patient_only", label: words.knownOnly },
        { kind: "yes", name: "unscheduled", label: words.unscheduled },
        { kind: "yes", name: "sensitive", label: words.sensitive },
        { kind: "yes", name: "needs_confirmation", label: words.confirmation },
      ],
    },
    {
      legend: words.texts,
      fields: [
        { kind: "area", name: "instruction", label: words.instruction },
        { kind: "area", name: "instruction_en", label: words.instructionEn },
      ],
    },
    {
      legend: words.rules,
      folded: true,
      fields: [
        { kind: "number", name: "min_notice_minutes", label: words.notice, min: 0 },
        { kind: "number", name: "max_ahead_days", label: words.ahead, min: 1 },
        { kind: "number", name: "max_live", label: words.live, min: 1 },
        { kind: "number", name: "min_gap_days", label: words.gap, min: 0 },
        { kind: "number", name: "rank", label: words.rank, min: 0 },
        {
          kind: "choice",
          name: "protocol_id",
          label: words.protocol,
          none: words.noProtocol,
          options: protocols.map((each) => ({ value: each.id, label: each.title })),
        },
        { kind: "text", name: "export_text", label: words.exportText },
        { kind: "area", name: "text_to_accept", label: words.accept },
        { kind: "area", name: "text_after", label: words.after },
        { kind: "area", name: "text_after_en", label: words.afterEn },
      ],
    },
    {
      legend: words.needs,
      folded: true,
      fields: [
        {
          kind: "own",
          name: "needs",
          label: words.needs,
          say: (value) =>
            ((value ?? []) as Need[])
              .map((each) => [words.needKinds[each.kind], each.tag].filter(Boolean).join(" "))
              .join(", "),
          edit: ({ value, change }) => (
            <SmallRows<Need>
              legend={words.needs}
              add={words.addNeed}
              rows={(value ?? []) as Need[]}
              blank={{ kind: "room", tag: null, profession: null }}
              onChange={change}
              edit={(row, set) => (
                <>
                  <SelectField
                    label={words.needKind}
                    value={row.kind}
                    onChange={(event) => set({ kind: event.target.value as Need["kind"] })}
                  >
                    {optionsOf(words.needKinds).map((each) => (
                      <option key={each.value} value={each.value}>
                        {each.label}
                      </option>
                    ))}
                  </SelectField>
                  <TextField
                    label={words.needTag}
                    value={row.tag ?? ""}
                    onChange={(event) => set({ tag: event.target.value || null })}
                  />
                </>
              )}
            />
          ),
        },
        {
          kind: "own",
          name: "questions",
          label: words.questions,
          say: (value) => ((value ?? []) as Question[]).map((each) => each.text).join(" · "),
          edit: ({ value, change }) => (
            <SmallRows<Question>
              legend={words.questions}
              add={words.addQuestion}
              most={5}
              rows={(value ?? []) as Question[]}
              blank={{ text: "", text_en: null, required: false }}
              onChange={change}
              edit={(row, set) => (
                <>
                  <TextField
                    label={words.question}
                    value={row.text}
                    onChange={(event) => set({ text: event.target.value })}
                  />
                  <TextField
                    label={words.questionEn}
                    value={row.text_en ?? ""}
                    onChange={(event) => set({ text_en: event.target.value || null })}
                  />
                  <Check
                    label={words.compulsory}
                    checked={row.required ?? false}
                    onChange={(event) => set({ required: event.target.checked })}
                  />
                </>
              )}
            />
          ),
        },
      ],
    },
  ];
}
