import { PhoneIncoming } from "lucide-react";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { useShortcut } from "../ui/shortcuts";
import { Timer } from "../ui/timer";
import { useWords } from "../words/language";
import type { Desk } from "./desk";
import { useRinging } from "./ring";
import { seat } from "./seat";
import type { Act } from "./seat-state";
import { callWords } from "./words";

interface Props {
  readonly desk: Desk;
  readonly offer: NonNullable<Desk["offer"]>;
  readonly act: Act;
}

/** A call that rings here until its time is over. Focus does not move: a word being typed goes on; F2 answers. */
export function Offer({ desk, offer, act }: Props) {
  const words = useWords(callWords);
  const call = desk.queue.find((each) => each.id === offer.call_id);
  const line = (desk.lines ?? []).find((each) => each.id === call?.line_id);
  const says = call?.direction === "callback" ? words.callbackOffer : words.offer;
  useRinging(true, says);
  const answer = () =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/calls/{call_id}/claim", {
          params: { path: { call_id: offer.call_id } },
          body: { desk_id: seat.read().deskId },
          headers: { "Idempotency-Key": key },
        }),
      ),
    );
  const decline = () =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/offers/{offer_id}/decline", {
          params: { path: { offer_id: offer.id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    );
  useShortcut({ id: "calls.answer", keys: "F2", label: words.answer }, answer);
  return (
    <div className="calls-offer row" role="alert">
      <PhoneIncoming size={24} aria-hidden="true" />
      <strong className="calls-large">{says}</strong>
      {line ? <span>{line.name}</span> : null}
      {call?.queued_at ? (
        <span className="small">
          {words.waitedSince} <Timer since={call.queued_at} />
        </span>
      ) : null}
      <Button kind="primary" busy={act.pending} hotkey="F2" onClick={answer}>
        {words.answer}
      </Button>
      <Button onClick={decline}>{words.decline}</Button>
      <span className="small">
        {words.left} <Timer until={offer.expires_at} />
      </span>
    </div>
  );
}
