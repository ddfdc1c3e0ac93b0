import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Badge, Read, RefusalStrip, type State } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { areaWords } from "./words";

type Message = Schema<"appointments.MessageOut">;

const STATES: Readonly<Record<Message["state"], State>> = {
  planned: "neutral",
  sending: "info",
  sent: "info",
  delivered: "ok",
  failed: "danger",
  unknown: "unknown",
  dropped: "unknown",
};

/** What was said to the patient, by which channel, and what became of it. */
export function Messages({ patientId }: { readonly patientId: string }) {
  const words = useWords(areaWords);
  const { language } = useLanguage();
  const say = useToast();
  const messages = useLiveQuery<readonly Message[]>({
    queryKey: ["appointments", "messages", "of", patientId],
    queryFn: async ({ signal }) => {
      const query = { patient_id: patientId, limit: 20 };
      return (await body(api.GET("/api/appointments/v1/messages", { params: { query }, signal }))).items;
    },
    topics: ["appointments.appointment_*"],
    about: patientId,
    atMostEvery: 2_000,
  });
  const resend = useCommand(
    (id: string, key: string) =>
      body(
        api.POST("/api/appointments/v1/messages/{message_id}/resend", {
          params: { path: { message_id: id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.resent);
      void messages.refetch();
    },
  );
  return (
    <section className="panel stack" aria-label={words.messages}>
      <h2>{words.messages}</h2>
      <RefusalStrip refusal={resend.refusal} />
      <Read of={messages}>
        {(read) =>
          read.length ? (
            <ul className="patients-list">
              {read.map((each) => (
                <li key={each.id} className="row spread">
                  <span>
                    {words.messageKinds[each.kind]}, {words.channels[each.channel]}{" "}
                    <span className="muted">
                      {each.to}, {dayAndTime(each.sent_at ?? each.due_at, language)}
                    </span>
                  </span>
                  <span className="row">
                    <Badge state={STATES[each.state]}>{words.messageStates[each.state]}</Badge>
                    {each.state === "failed" || each.state === "unknown" ? (
                      <Button busy={resend.pending} onClick={() => void resend.run(each.id)}>
                        {words.resend}
                      </Button>
                    ) : null}
                  </span>
                </li>
              ))}
            </ul>
          ) : (
            <p className="muted">{words.noMessage}</p>
          )
        }
      </Read>
    </section>
  );
}
