import { useQuery } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { patchCall, useAct } from "../../calls/acts";
import { callContext, callMessages } from "../../calls/context";
import type { CallFile, CurrentCall, Desk } from "../../calls/desk";
import { spoken } from "../../calls/phone";
import { PatientCard, PatientSearch } from "../../patients";
import { Button } from "../../ui/button";
import { useShortcut } from "../../ui/shortcuts";
import { Badge, Empty, Loading, RefusalStrip, Strip } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { age, dateOnly, dayAndTime } from "../../words/time";
import { About } from "./about";
import { History } from "./history";
import { Instruction } from "./instruction";
import { Note } from "./note";
import { UnreadInstructions } from "./unread";
import { deskWords } from "./words";

interface Props {
  readonly desk: Desk;
  readonly call: CurrentCall | null;
  readonly file: CallFile | null;
  readonly patientId: string | null;
  readonly onConsult: (patientId: string | null) => void;
}

/** Who calls, and what to know before one speaks. The number alone never says who it is: a person does. */
export function Caller({ desk, call, file, patientId, onConsult }: Props) {
  const words = useWords(deskWords);
  if (!call) {
    return (
      <div className="stack">
        <section className="panel stack" aria-label={words.noCall}>
          <Empty>
            {words.noCall} {words.noCallNext}
          </Empty>
          {patientId ? (
            <>
              <PatientCard patientId={patientId} />
              <div>
                <Button onClick={() => onConsult(null)}>{words.changePerson}</Button>
              </div>
            </>
          ) : (
            <PatientSearch onChoose={(chosen) => onConsult(chosen.id)} />
          )}
        </section>
        {desk.unread_instructions > 0 ? <UnreadInstructions /> : null}
      </div>
    );
  }
  if (!file || file.id !== call.id) return <Loading lines={8} />;
  return (
    <div className="stack">
      <Warnings file={file} />
      <Identity file={file} />
      <Instruction file={file} />
      <About file={file} />
      <Note file={file} />
      <History callId={file.id} />
    </div>
  );
}

/** A caller who rings again and again is not sent away a fourth time without an act. */
function Warnings({ file }: { readonly file: CallFile }) {
  const words = useWords(deskWords);
  const act = useAct();
  const context = useQuery(callContext(file.id));
  const told = () => void act.run(() => patchCall(file.id, { supervisor_told: true }));
  const messages = useQuery(callMessages(file.id));
  if (!context.data) return null;
  const urgent = messages.data?.items.some((each) => each.urgency === "urgent" && each.state !== "draft");
  const booked = context.data.appointments.some((each) => each.status !== "cancelled");
  const settled = file.supervisor_told
    ? words.supervisorTold
    : urgent
      ? words.urgentSent
      : booked
        ? words.visitGiven
        : "";
  const { repeat, repeat_count, messages: unanswered, red_flag_recent } = context.data;
  return (
    <>
      {red_flag_recent ? <Strip state="danger">{words.redRecent}</Strip> : null}
      {repeat ? (
        <Strip
          state="warn"
          acts={
            settled ? (
              <Badge state="ok">{settled}</Badge>
            ) : (
              <Button onClick={told}>{words.tellSupervisor}</Button>
            )
          }
        >
          <strong>
            {words.repeat(repeat_count + 1)}
            {words.repeatMessages(unanswered.length)}
          </strong>{" "}
          {settled ? words.repeatSettled : words.repeatEnds}
        </Strip>
      ) : null}
      <RefusalStrip refusal={act.refusal} />
    </>
  );
}

function Identity({ file }: { readonly file: CallFile }) {
  const words = useWords(deskWords);
  const act = useAct();
  const link = (patient_id: string | null) => void act.run(() => patchCall(file.id, { patient_id }));
  return (
    <section className="panel stack" aria-label={words.whoCalls}>
      <div className="row spread">
        <strong className="desk-number">{file.number ? spoken(file.number) : words.withheld}</strong>
        {file.patient_id ? (
          <Button kind="quiet" onClick={() => link(null)}>
            {words.changePerson}
          </Button>
        ) : null}
      </div>
      {file.patient_id ? (
        <PatientCard patientId={file.patient_id} />
      ) : (
        <>
          <h2>{words.whoCalls}</h2>
          <p>{words.askIdentity}</p>
          {file.number ? <Candidates number={file.number} onChoose={link} /> : null}
          <PatientSearch onChoose={(chosen) => link(chosen.id)} />
        </>
      )}
      <RefusalStrip refusal={act.refusal} />
    </section>
  );
}

interface CandidatesProps {
  readonly number: string;
  readonly onChoose: (patientId: string) => void;
}

/** A family shares a telephone: all whom the number may mean, chosen by a digit once name and birth date were said. */
function Candidates({ number, onChoose }: CandidatesProps) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const found = useQuery({
    queryKey: ["appointments", "caller-candidates", number],
    queryFn: () =>
      body(api.GET("/api/appointments/v1/caller-candidates", { params: { query: { phone: number } } })),
    staleTime: 30_000,
    gcTime: 60_000,
  });
  const items = found.data?.items ?? [];
  if (found.data && items.length === 0) return <p className="muted">{words.noCandidate}</p>;
  return (
    <ol className="desk-candidates" aria-label={words.candidates}>
      {items.slice(0, 9).map((each, index) => (
        <li key={each.patient_id}>
          <Digit
            digit={index + 1}
            label={`${words.candidates}, ${index + 1}`}
            onPress={() => onChoose(each.patient_id)}
          />
          <button type="button" className="desk-candidate" onClick={() => onChoose(each.patient_id)}>
            <kbd className="key">{index + 1}</kbd>
            <span>
              <strong>{each.display_name}</strong>
              <span>
                {" "}
                {dateOnly(each.birth_date, language)} ({age(each.birth_date)})
              </span>
              <span className="row small muted">
                {each.via === "relation" ? <span>{words.viaRelation}</span> : null}
                {each.next ? <span>{words.next(dayAndTime(each.next.start, language))}</span> : null}
                {each.missed_12_months > 0 ? <span>{words.missed(each.missed_12_months)}</span> : null}
                {each.conflict ? <Badge state="warn">{words.conflict}</Badge> : null}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

interface DigitProps {
  readonly digit: number;
  readonly label: string;
  readonly onPress: () => void;
}

function Digit({ digit, label, onPress }: DigitProps) {
  useShortcut({ id: `desk.candidate-${digit}`, keys: String(digit), label }, onPress);
  return null;
}
