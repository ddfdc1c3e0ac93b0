import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { once } from "../../calls/acts";
import { callMessages } from "../../calls/context";
import { type CallFile, useDesk } from "../../calls/desk";
import { useDirectory } from "../../calls/directory";
import { useDraft, useKeptKey } from "../../calls/drafts";
import { spoken } from "../../calls/phone";
import { Button } from "../../ui/button";
import { Check, faultAt, SelectField, TextArea } from "../../ui/field";
import { Badge, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, dayOf, timeOfDay, today } from "../../words/time";
import { Recipient } from "./recipient";
import { deskWords } from "./words";

type Urgency = "urgent" | "same_day" | "routine";
const URGENCIES: readonly Urgency[] = ["urgent", "same_day", "routine"];
const FIELDS = ["/practitioner_id", "/body", "/urgency", "/motive"];

interface Props {
  /** Known before the file is: what is typed meanwhile belongs to the call already. */
  readonly callId: string | null;
  readonly file: CallFile | null;
  readonly patientId: string | null;
}

/** A message to a doctor, and its life until he says what he does about it. What is typed survives everything. */
export function MessageForm({ callId, file, patientId }: Props) {
  const words = useWords(deskWords);
  const say = useToast();
  const draft = callId ?? "none";
  const { practitioners } = useDirectory();
  const [to, setTo] = useDraft(draft, "message.to", file?.practitioner_id ?? "");
  const [urgency, setUrgency] = useDraft(draft, "message.urgency", "routine");
  const [text, setText] = useDraft(draft, "message.body");
  const [back, setBack] = useDraft(draft, "message.back");
  const desk = useDesk();
  const client = file?.client_id ?? desk.data?.lines[0]?.client_id;
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const form = first.current;
    const recipient = form?.querySelector("select");
    // Only when it opens: focus never moves under a typing hand.
    (recipient?.value ? form?.querySelector("textarea") : recipient)?.focus();
  }, []);
  const send = useCommand(
    (message: Schema<"telesecretariat.MessageIn">, key: string) =>
      body(api.POST("/api/telesecretariat/v1/messages", { body: message, ...once(key) })),
    () => {
      setText("");
      setBack("");
      say(words.sent);
    },
    useKeptKey({ of: draft, form: "message" }),
  );
  return (
    <div className="stack">
      <form
        ref={first}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send.run({
            practitioner_id: to,
            urgency: urgency as Urgency,
            body: text.trim(),
            wants_callback: back === "1",
            send: true,
            call_id: file?.id ?? null,
            patient_id: patientId,
            motive: file?.motive ?? null,
          });
        }}
      >
        <SelectField
          label={words.to}
          required
          value={to}
          fault={faultAt(send.refusal, "/practitioner_id")}
          onChange={(event) => setTo(event.target.value)}
        >
          <option value="">{words.toChoose}</option>
          {practitioners.map((each) => (
            <option key={each.practitioner_id} value={each.practitioner_id}>
              {each.display_name}
            </option>
          ))}
        </SelectField>
        {to && client ? (
          <Recipient clientId={client} practitionerId={to} motive={file?.motive ?? null} />
        ) : null}
        <fieldset className="desk-urgency">
          <legend>{words.urgency}</legend>
          {URGENCIES.map((each) => (
            <label key={each} className="desk-choice">
              <input
                type="radio"
                name="urgency"
                value={each}
                checked={urgency === each}
                onChange={() => setUrgency(each)}
              />
              <span>
                {words.urgencies[each]} <span className="small muted">{words.urgencyHints[each]}</span>
              </span>
            </label>
          ))}
          <p className="small muted">{words.vital}</p>
        </fieldset>
        <TextArea
          label={words.body}
          hint={words.bodyHint}
          required
          maxLength={2000}
          dir="auto"
          value={text}
          fault={faultAt(send.refusal, "/body")}
          onChange={(event) => setText(event.target.value)}
        />
        <Check
          label={file?.number ? words.wantsCallback(spoken(file.number)) : words.wantsCallbackUnknown}
          checked={back === "1"}
          onChange={(event) => setBack(event.target.checked ? "1" : "")}
        />
        {send.refusal && !send.refusal.errors.every((each) => FIELDS.slice(0, 2).includes(each.pointer)) ? (
          <RefusalStrip refusal={send.refusal} />
        ) : send.refusal?.errors.length === 0 ? (
          <RefusalStrip refusal={send.refusal} />
        ) : null}
        <div>
          <Button type="submit" kind="primary" busy={send.pending}>
            {words.sendMessage}
          </Button>
        </div>
      </form>
      {file ? <Sent callId={file.id} /> : null}
    </div>
  );
}

/** What became of the messages of this call, as it happens. */
function Sent({ callId }: { readonly callId: string }) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const { nameOf } = useDirectory();
  const messages = useQuery(callMessages(callId));
  const items = messages.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="stack" aria-label={words.sentHere}>
      <h3>{words.sentHere}</h3>
      <ul className="desk-list">
        {items.map((each) => (
          <li key={each.id} className="row">
            <Badge
              state={
                ["acknowledged", "closed"].includes(each.state) ? "ok" : each.overdue ? "danger" : "info"
              }
            >
              {words.messageStates[each.state]}
            </Badge>
            <span>{nameOf(each.practitioner_id)}</span>
            <span className="small muted">
              {[
                words.urgencies[each.urgency],
                each.action ? words.messageActions[each.action] : "",
                each.due_at
                  ? words.dueAt(
                      dayOf(each.due_at) === today()
                        ? timeOfDay(each.due_at, language)
                        : dayAndTime(each.due_at, language),
                    )
                  : "",
                each.level > 0 ? words.escalated(each.level) : "",
              ]
                .filter(Boolean)
                .join(", ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
