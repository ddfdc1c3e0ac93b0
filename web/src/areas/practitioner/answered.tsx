import { useQueryClient } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { Who } from "./message";
import type { MessageItem } from "./queries";
import { practitionerWords } from "./words";

/** What was answered and is not over: a call that I promised, a task of the desk. */
export function Answered({ items }: { readonly items: readonly MessageItem[] }) {
  const words = useWords(practitionerWords);
  return (
    <section className="stack">
      <h2>{words.answered}</h2>
      <ul className="stack">
        {items.map((each) => (
          <AnsweredLine key={each.id} item={each} />
        ))}
      </ul>
    </section>
  );
}

function AnsweredLine({ item }: { readonly item: MessageItem }) {
  const words = useWords(practitionerWords);
  const client = useQueryClient();
  const say = useToast();
  const close = useCommand(
    (_: null, key) =>
      body(
        api.POST("/api/telesecretariat/v1/messages/{message_id}/close", {
          params: { path: { message_id: item.id } },
          headers: { "Idempotency-Key": key },
          body: { callback_done: true },
        }),
      ),
    () => {
      say(words.closed);
      void client.invalidateQueries({ queryKey: ["telesecretariat", "messages", "mine"] });
    },
  );
  const mine = item.action === "will_call_back";
  return (
    <li className="panel stack">
      <div className="row spread">
        <span className="stack practitioner-tight">
          <Who patientId={item.patient_id} />
          <span className="muted small">
            {words.decided(words.actions[item.action ?? "no_action"])}
            {mine || item.action === "no_action" ? null : ` · ${words.deskTells}`}
          </span>
        </span>
        {mine ? (
          <Button busy={close.pending} onClick={() => void close.run(null)}>
            {words.called}
          </Button>
        ) : null}
      </div>
      <RefusalStrip refusal={close.refusal} />
    </li>
  );
}
