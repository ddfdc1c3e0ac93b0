import { useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Check } from "../ui/field";
import { Loading, Read, RefusalStrip, Strip } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { type Appointment, type Changed, tagOf } from "./acting";
import { useDirectory, useReasons } from "./directory";
import { Filters } from "./filters";
import { NoTime } from "./no-time";
import { FORTNIGHT, type Slot, slotText, useTimes, type Wish } from "./times";
import { Times } from "./times-list";
import { bookingWords } from "./words";
import "./booking.css";

interface Props {
  readonly appointment: Appointment;
  /** The time that a drag or the keyboard has already chosen. */
  readonly initialSlot?: Slot;
  readonly onMoved: (changed: Changed) => void;
  readonly onClose: () => void;
}

/** Another time for the same visit: the old one stays until the new one is confirmed, and the patient is told. */
export function MoveDialog({ appointment, initialSlot, onMoved, onClose }: Props) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const { siteName, practitionerName } = useDirectory();
  const reason = useReasons().data?.find((each) => each.id === appointment.reason_id);
  const [wish, setWish] = useState<Wish>({
    reasonId: appointment.reason_id,
    siteId: initialSlot?.site_id ?? appointment.site_id,
    practitionerId: initialSlot?.practitioners[0] ?? appointment.practitioner_id,
    mode: appointment.mode,
    moment: "",
    from: "",
    days: FORTNIGHT,
  });
  const [slot, setSlot] = useState<Slot | null>(initialSlot ?? null);
  const [tell, setTell] = useState(true);
  const times = useTimes(wish);
  const move = useCommand((to: Slot, key: string) => {
    const who = to.practitioners?.[0];
    return body(
      api.POST("/api/appointments/v1/appointments/{appointment_id}/move", {
        params: { path: { appointment_id: appointment.id } },
        body: {
          start: to.start,
          site_id: to.site_id,
          any_practitioner: false,
          ...(who ? { practitioner_id: wish.practitionerId || who } : {}),
          overbook: false,
          tell,
        },
        headers: { "If-Match": tagOf(appointment), "Idempotency-Key": key },
      }),
    );
  }, onMoved);
  const others = move.refusal?.more.alternatives as readonly Slot[] | undefined;
  const offered = others?.length ? others : times.data;
  const choose = (to: Slot) => {
    move.renew();
    setSlot(to);
  };
  const place = (at: { site_id: string }, who: string | null) =>
    [practitionerName(who), siteName(at.site_id)].filter(Boolean).join(", ");
  return (
    <Dialog title={words.moveTitle} onClose={onClose} wide>
      <div className="booking stack">
        <p>
          {words.moveFrom(slotText(appointment, language))}, {place(appointment, appointment.practitioner_id)}
        </p>
        {slot ? (
          <div className="booking-held">
            <p className="when">{words.moveTo(slotText(slot, language))}</p>
            <p>{place(slot, wish.practitionerId || (slot.practitioners?.[0] ?? null))}</p>
            <Check
              label={words.tellPatient}
              checked={tell}
              onChange={(event) => setTell(event.target.checked)}
            />
            <p className="small muted">{tell ? words.movedIsKept : words.movedUntold}</p>
          </div>
        ) : null}
        <RefusalStrip refusal={move.refusal} />
        {slot && !others?.length ? (
          <div className="foot">
            <Button onClick={() => setSlot(null)}>{words.otherTime}</Button>
            <Button
              kind="primary"
              autoFocus
              data-first=""
              busy={move.pending}
              onClick={() => void move.run(slot)}
            >
              {words.confirmMove}
            </Button>
          </div>
        ) : (
          <>
            <Filters wish={wish} reason={reason} onWish={setWish} />
            {others?.length ? <Strip state="info">{words.nearest}</Strip> : null}
            {offered === undefined ? (
              times.error ? (
                <Read of={times}>{() => null}</Read>
              ) : (
                <Loading lines={5} />
              )
            ) : offered.length ? (
              <Times
                slots={offered}
                busy={move.pending}
                gone={times.gone}
                onChoose={choose}
                onAgain={() => void times.again()}
              />
            ) : (
              <NoTime wish={wish} onWish={setWish} />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
