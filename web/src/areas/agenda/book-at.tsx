import { type FormEvent, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { Booking, type Slot, slotText, useDirectory, usePractitioners, useReasons } from "../../booking";
import { type Draft, PatientCard, PatientForm, PatientSearch } from "../../patients";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Check, faultAt, faultsShown, SelectField, TextArea, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import type { Placed } from "./blocks";
import { clockOf, instantOf, minuteOf } from "./wall";
import { agendaWords } from "./words";

interface Props {
  readonly block: Placed & { readonly kind: "free" };
  readonly onClose: () => void;
}

/** Books the time that was chosen in the agenda: the patient, then the reason, then one press. */
export function BookAt({ block, onClose }: Props) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const { practitionerName, siteName } = useDirectory();
  const say = useToast();
  const [patient, setPatient] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [elsewhere, setElsewhere] = useState(false);
  const done = () => {
    say(words.booked);
    onClose();
  };
  return (
    <Dialog title={words.bookTitle(dayAndTime(block.start, language))} onClose={onClose} wide>
      <p>{words.with(practitionerName(block.practitionerId), siteName(block.siteId))}</p>
      {draft ? (
        <PatientForm
          initial={draft}
          onCancel={() => setDraft(null)}
          onSaved={(made) => {
            setDraft(null);
            setPatient(made.id);
          }}
        />
      ) : patient === null ? (
        <PatientSearch autoFocus onChoose={(found) => setPatient(found.id)} onNew={setDraft} />
      ) : elsewhere ? (
        <Booking
          patientId={patient}
          initial={{ practitionerId: block.practitionerId, siteId: block.siteId }}
          onBooked={done}
          onCancel={() => setElsewhere(false)}
        />
      ) : (
        <>
          <div className="row spread">
            <PatientCard patientId={patient} link={false} />
            <Button kind="quiet" onClick={() => setPatient(null)}>
              {words.otherPatient}
            </Button>
          </div>
          <TheTime block={block} patient={patient} onBooked={done} onElsewhere={() => setElsewhere(true)} />
        </>
      )}
    </Dialog>
  );
}

interface TimeProps {
  readonly block: Placed & { readonly kind: "free" };
  readonly patient: string;
  readonly onBooked: () => void;
  readonly onElsewhere: () => void;
}

type Mode = Schema<"appointments.HoldOut">["mode"];

function TheTime({ block, patient, onBooked, onElsewhere }: TimeProps) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const profession = usePractitioners().data?.find((each) => each.id === block.practitionerId)?.profession;
  const { reason_ids: only, modes } = block.opening;
  const reasons = (useReasons().data ?? []).filter(
    (each) =>
      each.active &&
      (only.length ? only.includes(each.id) : !profession || each.professions.includes(profession)) &&
      each.modes.some((way) => modes.includes(way.mode)),
  );
  const [reasonId, setReasonId] = useState("");
  const [time, setTime] = useState(clockOf(minuteOf(block.from)));
  const [over, setOver] = useState(false);
  const reason = reasons.find((each) => each.id === reasonId);
  const ways = (reason?.modes ?? []).filter((way) => modes.includes(way.mode));
  const [mode, setMode] = useState<Mode | "">("");
  const book = useCommand(
    ({ note, why }: { note: string; why: string }, key: string) =>
      body(
        api.POST("/api/appointments/v1/appointments", {
          body: {
            patient_id: patient,
            reason_id: reasonId,
            mode: mode || (ways[0]?.mode ?? "on_site"),
            practitioner_id: block.practitionerId,
            site_id: block.siteId,
            start: instantOf(`${block.from.slice(0, 10)}T${time}:00`),
            first_visit: false,
            overbook: over,
            ...(over ? { overbook_reason: why } : {}),
            ...(note ? { note } : {}),
          },
          headers: { "Idempotency-Key": key },
        }),
      ),
    onBooked,
  );
  const others = book.refusal?.more.alternatives as readonly Slot[] | undefined;
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    void book.run({
      note: String(given.get("note") ?? "").trim(),
      why: String(given.get("why") ?? "").trim(),
    });
  };
  const shown = ["/reason_id", "/start", "/note", "/overbook_reason"];
  return (
    <form className="stack" onSubmit={send}>
      <div className="agenda-fields">
        <SelectField
          label={words.reason}
          required
          autoFocus
          value={reasonId}
          fault={faultAt(book.refusal, "/reason_id")}
          onChange={(event) => setReasonId(event.target.value)}
        >
          <option value="">{words.chooseReason}</option>
          {reasons.map((each) => (
            <option key={each.id} value={each.id}>
              {each.label} ({words.minutes(each.modes.find((way) => modes.includes(way.mode))?.minutes ?? 0)})
            </option>
          ))}
        </SelectField>
        <TextField
          label={words.time}
          type="time"
          step={300}
          required
          value={time}
          fault={faultAt(book.refusal, "/start")}
          onChange={(event) => setTime(event.target.value)}
        />
        {ways.length > 1 ? (
          <SelectField
            label={words.modeLabel}
            value={mode}
            onChange={(event) => setMode(event.target.value as Mode)}
          >
            {ways.map((way) => (
              <option key={way.mode} value={way.mode}>
                {words.mode[way.mode]}
              </option>
            ))}
          </SelectField>
        ) : null}
      </div>
      <TextArea
        label={words.note}
        name="note"
        hint={words.noteHint}
        maxLength={280}
        rows={2}
        fault={faultAt(book.refusal, "/note")}
      />
      {may("appointments:appointment.overbook") ? (
        <Check label={words.overbook} checked={over} onChange={(event) => setOver(event.target.checked)} />
      ) : null}
      {over ? (
        <TextField
          label={words.overbookWhy}
          name="why"
          hint={words.overbookHint}
          required
          maxLength={280}
          fault={faultAt(book.refusal, "/overbook_reason")}
        />
      ) : null}
      {faultsShown(book.refusal, shown) ? null : <RefusalStrip refusal={book.refusal} />}
      {others?.length ? (
        <p>
          {words.nearest} {others.map((each) => slotText(each, language)).join(" ; ")}
        </p>
      ) : null}
      <div className="row">
        <Button type="submit" kind="primary" busy={book.pending}>
          {words.confirmBook}
        </Button>
        <Button kind="quiet" onClick={onElsewhere}>
          {words.placesOther}
        </Button>
      </div>
    </form>
  );
}
