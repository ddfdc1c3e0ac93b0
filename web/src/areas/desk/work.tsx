import { useEffect, useRef, useState } from "react";
import { AppointmentActs, AppointmentLine, Booking } from "../../booking";
import { patchCall, useAct } from "../../calls/acts";
import type { CallFile, CurrentCall } from "../../calls/desk";
import { forget, keepDraft, type Place } from "../../calls/drafts";
import { draftOf, PatientForm, usePatient, usePatientAppointments } from "../../patients";
import { Button } from "../../ui/button";
import { useShortcut } from "../../ui/shortcuts";
import { Empty, Read, RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { now } from "../../words/time";
import { MessageForm } from "./message";
import { CallbackPromise } from "./promise";
import { TaskForm } from "./task-form";
import { usualOf } from "./usual";
import { deskWords } from "./words";

export type Panel = "usual" | "book" | "visits" | "message" | "task" | "promise" | "new";

interface Props {
  readonly call: CurrentCall | null;
  readonly file: CallFile | null;
  readonly patientId: string | null;
  readonly initial: Panel | null;
  readonly onPerson: (patientId: string) => void;
  readonly onOpened: () => void;
}

const KEYS: readonly (readonly [Panel, string])[] = [
  ["usual", "r"],
  ["book", "b"],
  ["visits", "d"],
  ["message", "m"],
  ["task", "t"],
  ["promise", "c"],
  ["new", "n"],
];
const OF_PATIENT: readonly Panel[] = ["usual", "book", "visits"];
const BOOKING: readonly Panel[] = ["usual", "book"];
const OF_CALL: readonly Panel[] = ["task", "promise"];

/** What one does for who calls: one letter opens it, outside fields. What was opened is open again after a reload. */
export function Work({ call, file, patientId, initial, onPerson, onOpened }: Props) {
  const words = useWords(deskWords);
  const [panel, setPanel] = useState<Panel | null>(initial);
  // Another choice of the same panel begins anew.
  const [turn, setTurn] = useState(0);
  const act = useAct();
  const callId = call?.id;
  const drafts = callId ?? "none";
  const open = (next: Panel | null) => {
    // A time that is kept is given back; what was typed for a new patient waits until it is saved or given up.
    for (const form of BOOKING) forget(drafts, `${form}.`);
    setPanel(next);
    setTurn((before) => before + 1);
    keepDraft(drafts, "panel", next);
    if (next) onOpened();
  };
  const close = () => {
    forget(drafts, "new.");
    open(null);
  };
  const saved = (id: string) => {
    close();
    if (!callId) return onPerson(id);
    void act.run(() => patchCall(callId, { patient_id: id }));
  };
  const names: Record<Panel, string> = {
    usual: words.usual,
    book: words.book,
    visits: words.visits,
    message: words.message,
    task: words.task,
    promise: words.promise,
    new: words.newPatient,
  };
  const why = (id: Panel) =>
    OF_PATIENT.includes(id) && !patientId
      ? words.needsPatient
      : OF_CALL.includes(id) && !call
        ? words.needsCall
        : undefined;
  // The call's alone: without one a time that is kept is given back when one goes elsewhere.
  const booking = (form: Panel, whom: string): Place | undefined =>
    callId === undefined ? undefined : { of: callId, form: `${form}.${whom}` };
  const available = KEYS.filter(([id]) => why(id) === undefined);
  const lacking = [...new Set(KEYS.map(([id]) => why(id)).filter(Boolean))];
  return (
    <div className="stack">
      <section className="panel stack" aria-label={words.panels}>
        <div className="row">
          {available.map(([id, key]) => (
            <Opener key={id} keys={key} name={names[id]} pressed={panel === id} onOpen={() => open(id)} />
          ))}
        </div>
        {lacking.length > 0 ? <p className="small muted">{lacking.join(" ")}</p> : null}
        <RefusalStrip refusal={act.refusal} />
      </section>
      {panel === null || why(panel) !== undefined ? (
        <Empty>{words.whatNext}</Empty>
      ) : (
        <section className="panel" aria-label={names[panel]} key={`${panel}-${turn}`}>
          {panel === "new" ? (
            <PatientForm
              initial={draftOf(file?.number ? { phone: file.number } : {})}
              keptAt={{ of: drafts, form: "new" }}
              onSaved={(patient) => saved(patient.id)}
              onCancel={close}
            />
          ) : null}
          {patientId && panel === "usual" ? (
            <AsUsual
              patientId={patientId}
              callId={callId}
              keptAt={booking("usual", patientId)}
              onBooked={() => keepDraft(drafts, "panel", null)}
              onCancel={() => open(null)}
            />
          ) : null}
          {patientId && panel === "book" ? (
            <Booking
              patientId={patientId}
              initial={{
                practitionerId: file?.practitioner_id ?? undefined,
                siteId: file?.site_id ?? undefined,
              }}
              callId={callId}
              keptAt={booking("book", patientId)}
              onBooked={() => keepDraft(drafts, "panel", null)}
              onCancel={() => open(null)}
            />
          ) : null}
          {patientId && panel === "visits" ? <Visits patientId={patientId} /> : null}
          {panel === "message" ? (
            <MessageForm callId={callId ?? null} file={file} patientId={patientId} />
          ) : null}
          {panel === "task" && file ? <TaskForm file={file} onDone={() => open(null)} /> : null}
          {panel === "promise" && file ? <CallbackPromise file={file} onDone={() => open(null)} /> : null}
        </section>
      )}
    </div>
  );
}

interface OpenerProps {
  readonly keys: string;
  readonly name: string;
  readonly pressed: boolean;
  readonly onOpen: () => void;
}

function Opener({ keys, name, pressed, onOpen }: OpenerProps) {
  useShortcut({ id: `desk.${keys}`, keys, label: name }, onOpen);
  return (
    <Button aria-pressed={pressed} hotkey={keys.toUpperCase()} onClick={onOpen}>
      {name}
    </Button>
  );
}

interface UsualProps {
  readonly patientId: string;
  readonly callId: string | undefined;
  readonly keptAt: Place | undefined;
  readonly onBooked: () => void;
  readonly onCancel: () => void;
}

/** The usual doctor and the last reason: the first times stand there without a question. */
function AsUsual({ patientId, callId, keptAt, onBooked, onCancel }: UsualProps) {
  const words = useWords(deskWords);
  const patient = usePatient(patientId);
  const visits = usePatientAppointments(patientId);
  return (
    <Read of={patient}>
      {({ value }) => (
        <Read of={visits}>
          {(all) => {
            const usual = usualOf(all, value.referring_practitioner_id);
            return (
              <>
                {usual.reasonId ? null : <p className="muted">{words.noUsual}</p>}
                <Booking
                  patientId={patientId}
                  initial={usual}
                  callId={callId}
                  keptAt={keptAt}
                  onBooked={onBooked}
                  onCancel={onCancel}
                />
              </>
            );
          }}
        </Read>
      )}
    </Read>
  );
}

function Visits({ patientId }: { readonly patientId: string }) {
  const words = useWords(deskWords);
  const visits = usePatientAppointments(patientId);
  const list = useRef<HTMLDivElement>(null);
  const loaded = visits.isSuccess;
  // Whoever has just opened it goes on with the first visit; a hand that types elsewhere is left alone.
  useEffect(() => {
    if (!loaded || document.activeElement?.closest("input, textarea, select")) return;
    (list.current?.querySelector<HTMLElement>("button") ?? list.current)?.focus();
  }, [loaded]);
  return (
    <div ref={list} tabIndex={-1}>
      <Read of={visits}>
        {(all) => {
          const coming = all.filter(
            (each) =>
              ["booked", "pending", "arrived"].includes(each.status) &&
              Date.parse(each.end) > now().getTime(),
          );
          if (coming.length === 0) return <Empty>{words.noVisits}</Empty>;
          return (
            <ul className="desk-list">
              {coming.map((each) => (
                <li key={each.id} className="stack">
                  <AppointmentLine appointment={each} />
                  <AppointmentActs appointment={each} onChanged={() => void visits.refetch()} />
                </li>
              ))}
            </ul>
          );
        }}
      </Read>
    </div>
  );
}
