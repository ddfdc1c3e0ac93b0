import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { usePatient } from "../../patients";
import { Button } from "../../ui/button";
import { faultAt, TextArea } from "../../ui/field";
import { Badge, Read, RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { aged, dateOnly, dayAndTime, dayOf, timeOfDay, today } from "../../words/time";
import { type Action, type MessageItem, useMessage, usePractitioners } from "./queries";
import { useSeen } from "./seen";
import { practitionerWords } from "./words";

const FIRST: readonly Action[] = ["will_call_back", "appointment", "prescription_ready", "call_patient"];
const OTHERS: readonly Action[] = ["give_advice", "no_action", "refer_15"];
const URGENCY = { urgent: "danger", same_day: "warn", routine: "info" } as const;

/** One message with its answers: each is one press. What is typed beside goes with it. */
export function MessageCard({
  item,
  onAnswered,
}: {
  readonly item: MessageItem;
  readonly onAnswered: () => void;
}) {
  const words = useWords(practitionerWords);
  const message = useMessage(item.id);
  const heading = useId();
  const client = useQueryClient();
  const say = useToast();
  const [typing, type] = useState(false);
  const [answer, setAnswer] = useState("");
  const card = useSeen(item);
  const acknowledge = useCommand(
    (action: Action, key) =>
      body(
        api.POST("/api/telesecretariat/v1/messages/{message_id}/acknowledge", {
          params: { path: { message_id: item.id } },
          headers: { "Idempotency-Key": key },
          body: { action, answer: answer.trim() || null },
        }),
      ),
    (done) => {
      say(words.acknowledged(words.actions[done.action ?? "no_action"]));
      onAnswered();
      void client.invalidateQueries({ queryKey: ["telesecretariat", "messages", "mine"] });
    },
  );
  const button = (action: Action, kind: "plain" | "primary" | "danger") => (
    <Button key={action} kind={kind} busy={acknowledge.pending} onClick={() => void acknowledge.run(action)}>
      {words.actions[action]}
    </Button>
  );
  return (
    <article
      ref={card}
      className="panel stack practitioner-card"
      tabIndex={-1}
      data-message={item.id}
      aria-labelledby={heading}
    >
      <h3 id={heading} className="row">
        <Badge state={URGENCY[item.urgency]}>{words.urgency[item.urgency]}</Badge>
        <Who patientId={item.patient_id} />
      </h3>
      <Deadline item={item} />
      <Read of={message} lines={2}>
        {(full) => (
          <>
            <p className="practitioner-body">{full.body}</p>
            {full.wants_callback ? <Badge state="info">{words.wantsCallback}</Badge> : null}
          </>
        )}
      </Read>
      <RefusalStrip refusal={acknowledge.refusal} />
      <fieldset className="practitioner-answers" aria-label={words.answers}>
        {FIRST.map((action, at) => button(action, at === 0 ? "primary" : "plain"))}
        {OTHERS.map((action) => button(action, action === "refer_15" ? "danger" : "plain"))}
      </fieldset>
      {typing ? (
        <TextArea
          label={words.answer}
          hint={words.answerHint}
          fault={faultAt(acknowledge.refusal, "/answer")}
          maxLength={2000}
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
        />
      ) : (
        <div>
          <Button kind="quiet" onClick={() => type(true)}>
            {words.addAnswer}
          </Button>
        </div>
      )}
    </article>
  );
}

/** Name and age of the patient it is about. */
export function Who({ patientId }: { readonly patientId: string | null }) {
  const words = useWords(practitionerWords);
  return patientId ? <Patient id={patientId} /> : <span className="muted">{words.noPatient}</span>;
}

function Patient({ id }: { readonly id: string }) {
  const words = useWords(practitionerWords);
  const { language } = useLanguage();
  const patient = usePatient(id);
  const file = patient.data?.value;
  if (!file) return <span className="muted">{patient.error ? words.noPatient : "…"}</span>;
  return (
    <span className="practitioner-who">
      {file.display_name}{" "}
      <span className="muted small">
        {words.born(dateOnly(file.birth_date, language), aged(file.birth_date, language))}
      </span>
    </span>
  );
}

/** By when; past it, to whom it has gone. */
function Deadline({ item }: { readonly item: MessageItem }) {
  const words = useWords(practitionerWords);
  const { language } = useLanguage();
  const { query } = usePractitioners();
  const when = (at: string) => (dayOf(at) === today() ? timeOfDay(at, language) : dayAndTime(at, language));
  const backup = query.data?.find((each) => each.id === item.backup_id)?.display_name;
  return (
    <>
      <p className="small muted">
        {item.sent_at ? words.sentAt(when(item.sent_at)) : null}
        {item.due_at && item.level === 0 ? ` · ${words.dueBy(when(item.due_at))}` : null}
      </p>
      {item.level > 0 ? (
        <Strip state="danger">
          {item.level === 2 || (item.level > 2 && backup)
            ? backup
              ? words.backup(backup)
              : words.backupUnknown
            : words.escalated(item.level)}
        </Strip>
      ) : null}
    </>
  );
}
