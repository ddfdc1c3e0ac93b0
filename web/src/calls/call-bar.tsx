import { useEffect } from "react";
import { useSession } from "../api/session";
import { useFacts } from "../live/live";
import { Button } from "../ui/button";
import { RefusalStrip, Strip } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { clockTime } from "../words/time";
import { useAct } from "./acts";
import { CallActs } from "./call-acts";
import "./calls.css";
import { Consulted } from "./consulted";
import { consultedOn, currentOf, useCallFile, useDesk } from "./desk";
import { Offer } from "./offer";
import { RedFlag } from "./red-flag";
import { useRedFlag } from "./red-opening";
import { seat, useSeat } from "./seat";
import { SeatState } from "./seat-state";
import { SoftphoneMark, SoftphoneNotice } from "./softphone-mark";
import { callWords } from "./words";
import { WrapUp } from "./wrap-up";

/** The telephone of who answers calls, alive above every area: the post, the call that rings, the call on the line. */
export default function CallBar() {
  const { session } = useSession();
  const words = useWords(callWords);
  const desk = useDesk();
  const sitting = useSeat();
  const act = useAct();
  const person = session.person?.id;
  useEffect(() => {
    if (person) void seat.sit(person);
  }, [person]);
  // Another window may have taken the post over: a sign of life tells at once, not at its next turn.
  useFacts(["telesecretariat.agent_changed"], ({ facts }) => {
    if (facts.agent_id === person) void seat.beat();
  });
  const call = currentOf(desk.data);
  const file = useCallFile(call?.id);
  const red = useRedFlag(call?.id ?? null, file.data ?? null);
  if (!desk.data) return null;
  const { agent, offer } = desk.data;
  const here = sitting.phase === "open" || sitting.phase === "lost";
  const consulted = consultedOn(desk.data);
  const refusal = act.refusal;
  return (
    <section className="calls-bar" aria-label={words.bar}>
      <div className="calls-line">
        <SeatState desk={desk.data} act={act} hasCall={call !== null} />
        {here && sitting.softphone ? <SoftphoneMark /> : null}
        {here && offer ? <Offer desk={desk.data} offer={offer} act={act} /> : null}
        {here && consulted ? <Consulted desk={desk.data} call={consulted} act={act} /> : null}
        {here && call?.speaking ? (
          <CallActs desk={desk.data} call={call} file={file.data ?? null} act={act} onRed={red.open} />
        ) : null}
        {here && call?.state === "wrapping" && agent ? (
          <WrapUp key={call.id} call={call} agent={agent} file={file.data ?? null} act={act} />
        ) : null}
      </div>
      <SeatNotices />
      {here && sitting.softphone ? <SoftphoneNotice /> : null}
      <LinesDown lines={desk.data.lines ?? []} />
      {refusal && !["REPEAT_CALLER_UNRESOLVED", "INSTRUCTION_NOT_ACKNOWLEDGED"].includes(refusal.code) ? (
        refusal.code === "CALL_ALREADY_CLAIMED" ? (
          <Strip state="info" role="alert" acts={<Hide onHide={act.renew} />}>
            {words.takenBy(String(refusal.more.claimed_by ?? ""))}
          </Strip>
        ) : (
          <RefusalStrip refusal={refusal} acts={<Hide onHide={act.renew} />} />
        )
      ) : null}
      <RefusalStrip refusal={red.refusal} />
      {here && call && red.shown ? (
        <RedFlag
          key={call.id}
          redFlagId={red.flagId}
          callId={call.id}
          number={file.data?.number ?? null}
          callerLost={file.data?.ended_by === "caller"}
        />
      ) : null}
    </section>
  );
}

function Hide({ onHide }: { readonly onHide: () => void }) {
  const words = useWords(callWords);
  return (
    <Button kind="quiet" onClick={onHide}>
      {words.understood}
    </Button>
  );
}

/** What concerns the post as a whole: refused, cut, found again. */
function SeatNotices() {
  const words = useWords(callWords);
  const { language } = useLanguage();
  const { refusal, phase, lostSince, recovered } = useSeat();
  return (
    <>
      {phase === "lost" && lostSince ? (
        <Strip state="danger" role="alert">
          {words.lost} {words.lostFor} {clockTime(lostSince, language)}.
        </Strip>
      ) : null}
      {recovered ? (
        <Strip state="warn" role="alert" acts={<Hide onHide={seat.dismiss} />}>
          {words.recovered}
        </Strip>
      ) : null}
      {refusal ? <RefusalStrip refusal={refusal} acts={<Hide onHide={seat.dismiss} />} /> : null}
    </>
  );
}

interface LineState {
  readonly id: string;
  readonly name: string;
  readonly down_since: string | null;
}

/** A telephone system that does not answer: booking goes on. */
function LinesDown({ lines }: { readonly lines: readonly LineState[] }) {
  const words = useWords(callWords);
  const { language } = useLanguage();
  return lines
    .filter((line) => line.down_since)
    .map((line) => (
      <Strip key={line.id} state="danger" role="alert">
        {words.down(line.name, clockTime(line.down_since ?? "", language))}
      </Strip>
    ));
}
