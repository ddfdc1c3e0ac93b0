import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { api, body, type Schema } from "../api/client";
import { Refusal } from "../api/refusal";
import { useLiveQuery } from "../live/live";
import { Button } from "../ui/button";
import { faultAt, SelectField, TextArea, TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { Timer } from "../ui/timer";
import { useWords } from "../words/language";
import { once, useAct } from "./acts";
import { keepDraft, readDraft } from "./drafts";
import { spoken } from "./phone";
import { callWords } from "./words";

type Flag = Schema<"telesecretariat.RedFlagOut">;
type Patch = Partial<Schema<"telesecretariat.RedFlagPatch">>;
type Outcome = NonNullable<Flag["outcome"]>;
const OUTCOMES: readonly Outcome[] = [
  "handed_to_15",
  "caller_already_with_15",
  "practitioner_took_over",
  "line_lost_15_informed",
  "caller_refused",
];
const PAUSE_MS = 600;

/**
 * Danger of life: covers everything, has no way out but an outcome. The 15 is dialled by opening it; what is typed
 * here is kept and sent while one speaks, and read out to the regulator from large type.
 */
export function RedFlag({ redFlagId, callId }: { readonly redFlagId: string; readonly callId: string }) {
  const words = useWords(callWords);
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const flag = useLiveQuery<Flag>({
    queryKey: ["telesecretariat", "red-flag", redFlagId],
    queryFn: () =>
      body(
        api.GET("/api/telesecretariat/v1/red-flags/{red_flag_id}", {
          params: { path: { red_flag_id: redFlagId } },
        }),
      ),
    topics: ["telesecretariat.call_*", "telesecretariat.red_flag_*"],
    about: callId,
  });
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="calls-red"
      role="alertdialog"
      aria-labelledby={heading}
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => event.key === "Escape" && event.preventDefault()}
    >
      <div className="calls-red-inside">
        <h2 id={heading}>{words.redTitle}</h2>
        {flag.data ? <Emergency flag={flag.data} /> : null}
      </div>
    </dialog>
  );
}

function Emergency({ flag }: { readonly flag: Flag }) {
  const words = useWords(callWords);
  const [address, setAddress] = useState(() => readDraft(flag.call_id, "address") ?? flag.address ?? "");
  const note = useNoting(flag);
  const type = (value: string) => {
    setAddress(value);
    keepDraft(flag.call_id, "address", value);
    note({ address: value.trim() || null });
  };
  const state = flag.by_hand
    ? words.redByHand
    : flag.state === "three_way"
      ? words.redThreeWay
      : flag.state === "handed_over"
        ? words.redHandedOver
        : words.redDialling(flag.attempts);
  return (
    <>
      <p className="calls-red-state" role="status">
        <strong>{state}</strong>{" "}
        <span>
          {words.redSince} <Timer since={flag.opened_at} />
        </span>
      </p>
      <p className="calls-large">{words.redStay}</p>
      <dl className="calls-red-read">
        <div>
          <dt>{words.redAddress}</dt>
          <dd data-missing={!address.trim()}>{address.trim() || words.redAddressMissing}</dd>
        </div>
        <div>
          <dt>{words.redNumber}</dt>
          <dd>{flag.number ? spoken(flag.number) : words.withheld}</dd>
        </div>
      </dl>
      <TextField
        label={words.redAddress}
        value={address}
        maxLength={280}
        autoFocus
        onChange={(event) => type(event.target.value)}
      />
      <Questions flag={flag} />
      <Ending flag={flag} />
    </>
  );
}

/** Sends what is typed a moment after the last key; only what changed. */
function useNoting(flag: Flag) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const waiting = useRef<Patch>({});
  const send = async () => {
    timer.current = null;
    const patch = waiting.current;
    waiting.current = {};
    const path = { params: { path: { red_flag_id: flag.id } } };
    try {
      const noted = await body(
        api.PATCH("/api/telesecretariat/v1/red-flags/{red_flag_id}", {
          ...path,
          body: patch as Schema<"telesecretariat.RedFlagPatch">,
        }),
      );
      client.setQueryData(["telesecretariat", "red-flag", flag.id], noted);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!error.passing) return;
      // Not taken: sent again with what is typed next, and in a moment in any case.
      waiting.current = { ...patch, ...waiting.current };
      timer.current ??= setTimeout(() => void send(), PAUSE_MS * 5);
    }
  };
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), []);
  return (patch: Patch) => {
    waiting.current = { ...waiting.current, ...patch };
    if (timer.current) clearTimeout(timer.current);
    timer.current = setTimeout(() => void send(), PAUSE_MS);
  };
}

/** The sign, from the list that a doctor signed, and what to ask about it in its own words. */
function Questions({ flag }: { readonly flag: Flag }) {
  const words = useWords(callWords);
  const note = useNoting(flag);
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
function Ending({ flag }: { readonly flag: Flag }) {
  const words = useWords(callWords);
  const act = useAct();
  const [outcome, setOutcome] = useState<Outcome | "">("");
  const [exact, setExact] = useState(() => readDraft(flag.call_id, "exact") ?? "");
  const path = { params: { path: { red_flag_id: flag.id } } };
  const close = () =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/red-flags/{red_flag_id}/close", {
          ...path,
          body: {
            outcome: outcome || null,
            exact_words: outcome === "caller_refused" ? exact.trim() || null : null,
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
        close();
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
        {flag.by_hand ? <span /> : <Button onClick={again}>{words.redDialAgain}</Button>}
        <Button type="submit" kind="stop" busy={act.pending}>
          {words.redClose}
        </Button>
      </div>
    </form>
  );
}
