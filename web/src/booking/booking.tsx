import { useEffect, useRef, useState } from "react";
import { forget, type Place, useKept } from "../calls/drafts";
import { usePatient } from "../patients/queries";
import { Button } from "../ui/button";
import { Loading, Read, RefusalStrip, Strip } from "../ui/state";
import { useWords } from "../words/language";
import type { Changed } from "./acting";
import { Confirm } from "./confirm";
import { useReasons } from "./directory";
import { Booked } from "./done";
import { Filters } from "./filters";
import { type Hold, useHold } from "./hold";
import { NoTime } from "./no-time";
import { Overbook } from "./overbook";
import { ReasonChoice } from "./reason-choice";
import { SeriesDialog } from "./series";
import { FORTNIGHT, type Slot, useTimes, type Wish } from "./times";
import { Times } from "./times-list";
import { Waiting } from "./waiting";
import { bookingWords } from "./words";
import "./booking.css";

export interface BookingProps {
  readonly patientId: string;
  readonly initial?: {
    readonly reasonId?: string | undefined;
    readonly practitionerId?: string | undefined;
    readonly siteId?: string | undefined;
  };
  readonly onBooked: (appointment: Changed) => void;
  readonly onCancel: () => void;
  /** The call during which it is booked. */
  readonly callId?: string | undefined;
  /** Where what is chosen and typed is kept; the time too, until it is forgotten there. */
  readonly keptAt?: Place | undefined;
}

/**
 * Reason, first free times, the time kept for the patient, confirmed: three choices, each by a digit or Enter. What was
 * chosen and typed stays through every refusal; a time that is kept is given back when the screen is left.
 */
export function Booking({ patientId, initial, onBooked, onCancel, callId, keptAt }: BookingProps) {
  const reasons = useReasons();
  const patient = usePatient(patientId);
  const [wish, setWish] = useKept<Wish>(keptAt, "wish", {
    reasonId: initial?.reasonId ?? "",
    siteId: initial?.siteId ?? "",
    practitionerId: initial?.practitionerId ?? "",
    mode: "",
    moment: "",
    from: "",
    days: FORTNIGHT,
  });
  const [booked, setBooked] = useState<Changed | null>(null);
  const reason = reasons.data?.find((each) => each.id === wish.reasonId);
  if (booked) {
    const again = () => {
      setBooked(null);
      setWish({ ...wish, reasonId: "" });
    };
    return <Booked appointment={booked} reason={reason} onAnother={again} />;
  }
  if (!wish.reasonId) {
    return (
      <Read of={reasons}>
        {(all) => (
          <ReasonChoice
            reasons={all}
            birthDate={patient.data?.value.birth_date}
            known={patient.data?.value.first_seen_at != null}
            onChoose={(id) => setWish({ ...wish, reasonId: id, mode: "" })}
            onCancel={onCancel}
          />
        )}
      </Read>
    );
  }
  return (
    <Read of={reasons}>
      {() => (
        <Choosing
          patientId={patientId}
          wish={wish}
          setWish={setWish}
          callId={callId}
          keptAt={keptAt}
          onCancel={onCancel}
          onBooked={(made) => {
            setBooked(made);
            if (keptAt) forget(keptAt.of, keptAt.form);
            onBooked(made);
          }}
        />
      )}
    </Read>
  );
}

interface ChoosingProps {
  readonly patientId: string;
  readonly wish: Wish;
  readonly setWish: (wish: Wish) => void;
  readonly callId: string | undefined;
  readonly keptAt: Place | undefined;
  readonly onBooked: (appointment: Changed) => void;
  readonly onCancel: () => void;
}

/** From the times to the confirmation; a time that somebody else has just got leaves all as it was. */
function Choosing({ patientId, wish, setWish, callId, keptAt, onBooked, onCancel }: ChoosingProps) {
  const words = useWords(bookingWords);
  const reasons = useReasons().data ?? [];
  const reason = reasons.find((each) => each.id === wish.reasonId);
  const times = useTimes(wish);
  const hold = useHold(wish, callId, keptAt);
  const [series, setSeries] = useState<Hold | null>(null);
  const [side, setSide] = useState<"overbook" | "waiting" | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const choose = (slot: Slot) => void hold.take(slot);
  const offered = hold.alternatives ?? times.data;
  const nearest = hold.alternatives !== null;
  const first = offered?.[0]?.start;
  const toFirst = useRef(true);
  useEffect(() => {
    if (nearest) list.current?.querySelector<HTMLElement>("[data-time]")?.focus();
  }, [nearest]);
  // Whoever has just chosen the reason goes on with Enter; a hand that types elsewhere is left alone.
  useEffect(() => {
    if (hold.kept || !first || !toFirst.current) return;
    toFirst.current = false;
    const typing = document.activeElement?.closest("input, textarea, select");
    if (!typing || list.current?.contains(typing))
      list.current?.querySelector<HTMLElement>("[data-time]")?.focus();
  }, [hold.kept, first]);

  if (hold.kept) {
    return (
      <Confirm
        patientId={patientId}
        hold={hold}
        reason={reason}
        callId={callId}
        keptAt={keptAt}
        onBooked={onBooked}
        onOther={() => {
          toFirst.current = true;
          hold.release();
          void times.again();
        }}
        onSeries={(kept) => {
          hold.release();
          setSeries(kept);
        }}
      />
    );
  }
  return (
    <section className="booking stack" aria-label={words.times} ref={list}>
      <div className="row spread">
        <h3>{reason?.label}</h3>
        <span className="row">
          <Button kind="quiet" onClick={() => setWish({ ...wish, reasonId: "" })}>
            {words.changeReason}
          </Button>
          <Button kind="quiet" onClick={onCancel}>
            {words.cancel}
          </Button>
        </span>
      </div>
      <Filters wish={wish} reason={reason} onWish={setWish} />
      <RefusalStrip refusal={hold.refusal} />
      {hold.alternatives?.length ? <Strip state="info">{words.nearest}</Strip> : null}
      {offered === undefined ? (
        times.error ? (
          <Read of={times}>{() => null}</Read>
        ) : (
          <Loading lines={5} />
        )
      ) : offered.length === 0 ? (
        <NoTime wish={wish} onWish={setWish} onWaiting={() => setSide("waiting")} />
      ) : (
        <Times
          slots={offered}
          busy={hold.pending}
          gone={times.gone}
          onChoose={choose}
          onAgain={times.again}
        />
      )}
      {series ? (
        <SeriesDialog
          patientId={patientId}
          first={series}
          onBooked={onCancel}
          onClose={() => setSeries(null)}
        />
      ) : null}
      <Sides
        wish={wish}
        patientId={patientId}
        side={side}
        setSide={setSide}
        onBooked={onBooked}
        callId={callId}
      />
    </section>
  );
}

interface SidesProps extends Omit<ChoosingProps, "setWish" | "onCancel" | "keptAt"> {
  readonly side: "overbook" | "waiting" | null;
  readonly setSide: (side: "overbook" | "waiting" | null) => void;
}

/** What is done when none of the times will do: the waiting list, or a time over the limit. */
function Sides({ wish, patientId, side, setSide, onBooked, callId }: SidesProps) {
  const words = useWords(bookingWords);
  return (
    <div className="row">
      <Button kind="quiet" onClick={() => setSide("waiting")}>
        {words.waiting}
      </Button>
      <Overbook
        wish={wish}
        patientId={patientId}
        callId={callId}
        open={side === "overbook"}
        onOpen={() => setSide("overbook")}
        onClose={() => setSide(null)}
        onBooked={onBooked}
      />
      {side === "waiting" ? (
        <Waiting wish={wish} patientId={patientId} onClose={() => setSide(null)} />
      ) : null}
    </div>
  );
}
