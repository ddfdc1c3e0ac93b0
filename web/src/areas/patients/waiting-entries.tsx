import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useDirectory } from "../../booking";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, dayAndTime } from "../../words/time";
import { areaWords } from "./words";

type Entry = Schema<"appointments.EntryOut">;
type Answer = { readonly offer: string; readonly accept: boolean } | { readonly withdraw: string };

/** What the person waits for, and the time that is offered now. */
export function WaitingEntries({ patientId }: { readonly patientId: string }) {
  const words = useWords(areaWords);
  const say = useToast();
  const entries = useLiveQuery<readonly Entry[]>({
    queryKey: ["appointments", "waiting-entries", "of", patientId],
    queryFn: async ({ signal }) => {
      const query = { patient: patientId, limit: 50 };
      return (await body(api.GET("/api/appointments/v1/waiting-entries", { params: { query }, signal })))
        .items;
    },
    topics: ["appointments.waiting_changed"],
  });
  const answer = useCommand(send, (said) => {
    say(words[said]);
    void entries.refetch();
  });
  return (
    <section className="panel stack" aria-label={words.waiting}>
      <h2>{words.waiting}</h2>
      <RefusalStrip refusal={answer.refusal} />
      <Read of={entries}>
        {(read) =>
          read.length ? (
            <ul className="patients-list">
              {read.map((each) => (
                <li key={each.id} className="stack">
                  <One entry={each} busy={answer.pending} onAnswer={(said) => void answer.run(said)} />
                </li>
              ))}
            </ul>
          ) : (
            <p className="muted">{words.noWaiting}</p>
          )
        }
      </Read>
    </section>
  );
}

async function send(answer: Answer, key: string) {
  const headers = { "Idempotency-Key": key };
  if ("withdraw" in answer) {
    const path = { entry_id: answer.withdraw };
    await api.DELETE("/api/appointments/v1/waiting-entries/{entry_id}", { params: { path }, headers });
    return "withdrawn" as const;
  }
  const path = { offer_id: answer.offer };
  if (answer.accept) {
    await api.POST("/api/appointments/v1/waiting-offers/{offer_id}/accept", { params: { path }, headers });
    return "offerTaken" as const;
  }
  await api.POST("/api/appointments/v1/waiting-offers/{offer_id}/decline", { params: { path }, headers });
  return "offerRefused" as const;
}

interface OneProps {
  readonly entry: Entry;
  readonly busy: boolean;
  readonly onAnswer: (answer: Answer) => void;
}

function One({ entry, busy, onAnswer }: OneProps) {
  const words = useWords(areaWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const { reasonLabel } = useDirectory();
  const offer = entry.offer?.state === "sent" ? entry.offer : null;
  const days = [dateOnly(entry.from_date, language), dateOnly(entry.to_date, language)] as const;
  return (
    <>
      <div className="row spread">
        <span>{words.waitsFor(reasonLabel(entry.reason_id), ...days)}</span>
        <span className="row">
          <Badge state={offer ? "warn" : "info"}>{words.waitingStates[entry.state]}</Badge>
          {entry.rank ? <Badge>{words.rank(entry.rank)}</Badge> : null}
        </span>
      </div>
      {offer ? (
        <p>{words.offeredUntil(dayAndTime(offer.start, language), dayAndTime(offer.expires_at, language))}</p>
      ) : null}
      {may("appointments:appointment.write") ? (
        <div className="row">
          {offer ? (
            <>
              <Button kind="primary" busy={busy} onClick={() => onAnswer({ offer: offer.id, accept: true })}>
                {words.acceptOffer}
              </Button>
              <Button busy={busy} onClick={() => onAnswer({ offer: offer.id, accept: false })}>
                {words.declineOffer}
              </Button>
            </>
          ) : null}
          <Button kind="quiet" busy={busy} onClick={() => onAnswer({ withdraw: entry.id })}>
            {words.withdraw}
          </Button>
        </div>
      ) : null}
    </>
  );
}
