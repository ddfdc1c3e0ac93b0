import { type FormEvent, useEffect, useRef } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { type Place, useKept, useKeptKey } from "../calls/drafts";
import { PersonLine } from "../patients/person";
import { usePatient } from "../patients/queries";
import { Button } from "../ui/button";
import { faultAt, faultsShown, TextField } from "../ui/field";
import { RefusalStrip, Strip } from "../ui/state";
import { useNow } from "../ui/timer";
import { useLanguage, useWords } from "../words/language";
import { stopwatch, timeOfDay } from "../words/time";
import type { Changed } from "./acting";
import { type Reason, useDirectory } from "./directory";
import type { Hold, Holding } from "./hold";
import { Requester, type RequesterDraft, requesterOf } from "./requester";
import { type Slot, slotText } from "./times";
import { Times } from "./times-list";
import { useVisitAddress, VisitAddress } from "./visit-address";
import { bookingWords } from "./words";

interface Props {
  readonly patientId: string;
  readonly hold: Holding;
  readonly reason: Reason | undefined;
  readonly callId: string | undefined;
  readonly keptAt: Place | undefined;
  readonly onBooked: (appointment: Changed) => void;
  readonly onOther: () => void;
  /** Gives the time back and repeats it instead. */
  readonly onSeries: (first: Hold) => void;
}

const AFTER_LAPSE = new Set(["HOLD_EXPIRED", "SLOT_TAKEN", "SLOT_NOT_OPEN"]);
const SHOWN_FAULTS = [
  "/note",
  "/visit_address/line",
  "/visit_address/city",
  "/visit_address/postal_code",
  "/place_id",
];

/** The time that is kept, for whom, who asks for it; Enter books. */
export function Confirm({ patientId, hold, reason, callId, keptAt, onBooked, onOther, onSeries }: Props) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const kept = hold.kept as Hold;
  const patient = usePatient(patientId).data?.value;
  const [note, setNote] = useKept(keptAt, "note", "");
  const [requester, setRequester] = useKept<RequesterDraft | null>(keptAt, "requester", null);
  const where = useVisitAddress(kept.mode, keptAt);
  const main = useRef<HTMLFormElement>(null);
  useEffect(() => main.current?.querySelector<HTMLElement>("[data-main]")?.focus(), []);
  const book = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/appointments", {
          body: {
            hold_id: kept.id,
            mode: kept.mode,
            first_visit: false,
            overbook: false,
            patient_id: patientId,
            ...(note.trim() ? { note: note.trim() } : {}),
            ...(requester && patient ? { requester: requesterOf(requester, patient) } : {}),
            ...where.body,
            ...(callId ? { call_id: callId } : {}),
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (made: Changed) => {
      hold.used();
      onBooked(made);
    },
    useKeptKey(keptAt),
  );
  const others = book.refusal?.more.alternatives as readonly Slot[] | undefined;
  const lapsed = AFTER_LAPSE.has(book.refusal?.code ?? "");
  const again = (slot: Slot) => {
    book.renew();
    void hold.take(slot);
  };
  return (
    <form
      ref={main}
      className="booking stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void book.run(null);
      }}
    >
      <HeldTime hold={hold} kept={kept} label={reason?.label ?? ""} onAgain={again} />
      {patient ? <PersonLine person={patient} language={language} /> : null}
      {reason?.instruction ? <p className="muted">{words.duringVisit(reason.instruction)}</p> : null}
      {patient ? <Requester patient={patient} draft={requester} onDraft={setRequester} /> : null}
      <VisitAddress where={where} refusal={book.refusal} />
      <TextField
        label={words.note}
        hint={words.noteHint}
        maxLength={280}
        value={note}
        fault={faultAt(book.refusal, "/note")}
        onChange={(event) => setNote(event.target.value)}
      />
      <RefusalStrip
        refusal={faultsShown(book.refusal, SHOWN_FAULTS) ? null : (book.refusal ?? hold.refusal)}
        acts={lapsed ? <Button onClick={onOther}>{words.otherTime}</Button> : null}
      />
      {others?.length ? (
        <Times slots={others} busy={hold.pending} gone={() => false} onChoose={again} onAgain={onOther} />
      ) : null}
      <div className="row">
        <Button kind="primary" type="submit" data-main="" busy={book.pending}>
          {words.confirm}
        </Button>
        <Button onClick={onOther}>{words.otherTime}</Button>
        <Button kind="quiet" onClick={() => onSeries(kept)}>
          {words.repeat}
        </Button>
      </div>
      <p className="visually-hidden" role="status">
        {words.heldUntil(timeOfDay(kept.expires_at, language))}
      </p>
    </form>
  );
}

interface HeldProps {
  readonly hold: Holding;
  readonly kept: Hold;
  readonly label: string;
  readonly onAgain: (slot: Slot) => void;
}

/** The chosen time in large, until when it is kept, and how to keep it longer. */
function HeldTime({ hold, kept, label, onAgain }: HeldProps) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const { siteName, practitionerName } = useDirectory();
  const seconds = (Date.parse(kept.expires_at) - useNow().getTime()) / 1000;
  const same: Slot = { ...kept, practitioners: [kept.practitioner_id] };
  return (
    <div className="booking-held" data-soon={seconds < 120 || undefined}>
      <p className="when">{slotText(kept, language)}</p>
      <p>
        {[label, practitionerName(kept.practitioner_id), siteName(kept.site_id), words.modes[kept.mode]]
          .filter(Boolean)
          .join(", ")}
      </p>
      {seconds <= 0 ? (
        <Strip
          state="warn"
          role="status"
          acts={<Button onClick={() => onAgain(same)}>{words.takeAgain}</Button>}
        >
          {words.lapsed}
        </Strip>
      ) : (
        <div className="row">
          <span className="small">
            {words.heldUntil(timeOfDay(kept.expires_at, language))} ({words.left}{" "}
            <span role="timer">{stopwatch(seconds)}</span>)
          </span>
          {seconds < 120 ? <strong role="status">{words.soonOver}</strong> : null}
          {kept.extensions_left > 0 ? (
            <Button kind="quiet" onClick={() => void hold.extend()}>
              {words.extend}
            </Button>
          ) : null}
        </div>
      )}
      <RefusalStrip refusal={hold.extendRefusal} />
    </div>
  );
}
