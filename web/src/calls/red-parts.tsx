import { useState } from "react";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { faultAt, SelectField, TextArea } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useWords } from "../words/language";
import { once, useAct } from "./acts";
import { keepDraft, readDraft } from "./drafts";
import { type Flag, useNoting } from "./red-noting";
import { callWords } from "./words";

type Outcome = NonNullable<Flag["outcome"]>;
const OUTCOMES: readonly Outcome[] = [
  "handed_to_15",
  "caller_already_with_15",
  "practitioner_took_over",
  "line_lost_15_informed",
  "caller_refused",
];

/** The sign, from the list that a doctor signed, and what to ask about it in its own words. */
export function Questions({ flag }: { readonly flag: Flag }) {
  const words = useWords(callWords);
  const note = useNoting(flag.id);
  const [code, setCode] = useState(flag.code);
  const [answers, setAnswers] = useState<Record<string, string>>(() =>
    Object.fromEntries(flag.answers.map((each) => [each.question, each.answer])),
  );
  const item = flag.items.find((each) => each.code === code);
  const answer = (question: string, said: string) => {
    const next = { ...answers, [question]: said };
    setAnswers(next);
    note({ answers: Object.entries(next).map(([asked, given]) => ({ question: asked, answer: given })) });
  };
  const choices = [
    [words.redAnswers.yes, words.redYes],
    [words.redAnswers.no, words.redNo],
    [words.redAnswers.unknown, words.redUnknown],
  ] as const;
  return (
    <fieldset className="stack">
      <legend>{words.redSign}</legend>
      <div className="row">
        {flag.items.map((each) => (
          <Button
            key={each.code}
            aria-pressed={each.code === code}
            onClick={() => {
              setCode(each.code);
              note({ code: each.code });
            }}
          >
            {each.label}
          </Button>
        ))}
      </div>
      {(item?.questions ?? []).map((question) => (
        <div key={question} className="row spread calls-question">
          <span>{question}</span>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in one line with its question */}
          <span className="row" role="group" aria-label={question}>
            {choices.map(([value, label]) => (
              <Button
                key={value}
                aria-pressed={answers[question] === value}
                onClick={() => answer(question, value)}
              >
                {label}
              </Button>
            ))}
          </span>
        </div>
      ))}
    </fieldset>
  );
}

/** There is no « false alarm »: it ends with one of its outcomes. */
export function Ending({ flag }: { readonly flag: Flag }) {
  const words = useWords(callWords);
  const act = useAct();
  const [outcome, setOutcome] = useState<Outcome | "">("");
  const [exact, setExact] = useState(() => readDraft(flag.call_id, "exact") ?? "");
  const path = { params: { path: { red_flag_id: flag.id } } };
  const together = flag.state === "three_way" && flag.on_line;
  const lost = !flag.by_hand && !flag.on_line && ["dialling", "three_way"].includes(flag.state);
  const close = (how: Outcome | "") =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/red-flags/{red_flag_id}/close", {
          ...path,
          body: {
            outcome: how || null,
            exact_words: how === "caller_refused" ? exact.trim() || null : null,
          },
          ...once(key),
        }),
      ),
    );
  const again = () =>
    void act.run((key) =>
      body(api.POST("/api/telesecretariat/v1/red-flags/{red_flag_id}/dial", { ...path, ...once(key) })),
    );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        close(outcome);
      }}
    >
      <SelectField
        label={words.redOutcome}
        value={outcome}
        fault={act.refusal?.code === "OUTCOME_REQUIRED" ? act.refusal.detail : undefined}
        onChange={(event) => setOutcome(event.target.value as Outcome | "")}
      >
        <option value="">{words.outcomeChoose}</option>
        {OUTCOMES.map((each) => (
          <option key={each} value={each}>
            {words.redOutcomes[each]}
          </option>
        ))}
      </SelectField>
      {outcome === "caller_refused" ? (
        <TextArea
          label={words.redExactWords}
          maxLength={280}
          value={exact}
          fault={faultAt(act.refusal, "/exact_words")}
          onChange={(event) => {
            setExact(event.target.value);
            keepDraft(flag.call_id, "exact", event.target.value);
          }}
        />
      ) : null}
      {act.refusal && !["OUTCOME_REQUIRED", "EXACT_WORDS_REQUIRED"].includes(act.refusal.code) ? (
        <RefusalStrip refusal={act.refusal} />
      ) : null}
      <div className="row spread">
        {lost ? <Button onClick={again}>{words.redDialAgain}</Button> : <span />}
        <span className="row">
          <Button type="submit" kind={together ? "plain" : "stop"} busy={act.pending}>
            {words.redClose}
          </Button>
          {together ? (
            <Button kind="stop" busy={act.pending} onClick={() => close("handed_to_15")}>
              {words.redLeave}
            </Button>
          ) : null}
        </span>
      </div>
    </form>
  );
}
