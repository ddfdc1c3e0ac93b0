import { useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { useSession } from "../api/session";
import { Button } from "../ui/button";
import { RefusalStrip } from "../ui/state";
import { useNow } from "../ui/timer";
import { useToast } from "../ui/toast";
import { useLanguage, useWords } from "../words/language";
import { type Appointment, type Changed, tagOf } from "./acting";
import { type Act, actsOf } from "./allowed";
import { CancelDialog } from "./cancel-dialog";
import { History } from "./history";
import { MoveDialog } from "./move-dialog";
import { MissDialog, VoidDialog } from "./reason-dialogs";
import { Teleconsultation } from "./teleconsultation";
import { slotText } from "./times";
import { bookingWords } from "./words";
import "./booking.css";

interface Props {
  readonly appointment: Appointment;
  readonly onChanged: (appointment: Changed) => void;
}

type Plain = Exclude<Act, "move" | "cancel" | "miss" | "void">;
type Open = "move" | "cancel" | "miss" | "void" | "history";
const PLAIN: readonly Plain[] = ["confirm", "decline", "arrive", "fulfil", "leave", "reopen"];
const MAIN: ReadonlySet<Act> = new Set(["confirm", "arrive"]);

/** What can be done with an appointment now; what needs a word opens a dialog, what does not is done at once. */
export function AppointmentActs({ appointment, onChanged }: Props) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const { session, may } = useSession();
  const say = useToast();
  const [open, setOpen] = useState<Open | null>(null);
  const now = useNow(30_000);
  const acts = may("appointments:appointment.write")
    ? actsOf(appointment, session.context?.role ?? "", now)
    : [];
  const names: Record<Plain, readonly [string, string]> = {
    confirm: [words.accept, words.accepted],
    decline: [words.decline, words.declined],
    arrive: [words.arrive, words.arrived],
    fulfil: [words.fulfil, words.fulfilled],
    leave: [words.leave, words.left_],
    reopen: [words.reopen, words.reopened],
  };
  const act = useCommand(
    async (event: Plain, key: string) => {
      const path = { appointment_id: appointment.id, event };
      const headers = { "If-Match": tagOf(appointment), "Idempotency-Key": key };
      const changed = await body(
        api.POST("/api/appointments/v1/appointments/{appointment_id}/{event}", { params: { path }, headers }),
      );
      return { event, changed };
    },
    ({ event, changed }) => {
      say(names[event][1]);
      onChanged(changed);
    },
  );
  const done = (text: string) => (changed: Changed) => {
    setOpen(null);
    const channels = (changed.messages ?? []).map((each) => words.channelNames[each]);
    say(channels.length ? `${text}. ${words.alreadyTold(channels)}` : text);
    onChanged(changed);
  };
  const close = () => setOpen(null);
  return (
    <div className="booking-acts">
      <div className="row">
        {PLAIN.filter((each) => acts.includes(each)).map((each) => (
          <Button
            key={each}
            kind={MAIN.has(each) ? "primary" : "plain"}
            busy={act.pending}
            onClick={() => void act.run(each)}
          >
            {names[each][0]}
          </Button>
        ))}
        {acts.includes("move") ? <Button onClick={() => setOpen("move")}>{words.move}</Button> : null}
        {acts.includes("miss") ? <Button onClick={() => setOpen("miss")}>{words.miss}</Button> : null}
        {acts.includes("cancel") ? (
          <Button kind="danger" onClick={() => setOpen("cancel")}>
            {words.cancelVisit}
          </Button>
        ) : null}
        <Button kind="quiet" onClick={() => setOpen("history")}>
          {words.history}
        </Button>
        {acts.includes("void") ? (
          <Button kind="quiet" onClick={() => setOpen("void")}>
            {words.void}
          </Button>
        ) : null}
        <a
          className="button"
          data-kind="quiet"
          href={`/api/appointments/v1/appointments/${appointment.id}.ics`}
          download={`${appointment.id}.ics`}
        >
          {words.calendar}
        </a>
      </div>
      <RefusalStrip refusal={act.refusal} />
      <Teleconsultation appointment={appointment} onChanged={onChanged} />
      {open === "move" ? (
        <MoveDialog
          appointment={appointment}
          onClose={close}
          onMoved={(changed) => done(words.moved(slotText(changed, language)))(changed)}
        />
      ) : null}
      {open === "cancel" ? (
        <CancelDialog appointment={appointment} onClose={close} onCancelled={done(words.cancelled)} />
      ) : null}
      {open === "miss" ? (
        <MissDialog appointment={appointment} onClose={close} onDone={done(words.missed)} />
      ) : null}
      {open === "void" ? (
        <VoidDialog appointment={appointment} onClose={close} onDone={done(words.voided)} />
      ) : null}
      {open === "history" ? <History appointment={appointment} onClose={close} /> : null}
    </div>
  );
}
