import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { api, type Refusal, type Tagged, withTag } from "../api/client";
import { useCommand } from "../api/command";
import { type Place, useKept, useKeptKey } from "../calls/drafts";
import { Button } from "../ui/button";
import { faultsShown } from "../ui/field";
import { Read, RefusalStrip, Strip } from "../ui/state";
import { useWords } from "../words/language";
import { Conflict } from "./conflict";
import { readBirthDate } from "./criteria";
import { bodyOf, type Draft, draftFrom, draftOf, type FieldName, merged, patchOf } from "./draft";
import { Duplicates } from "./duplicates";
import { PatientFields, pointersOf } from "./fields";
import { keepPatient, type Patient, type PatientItem, usePatient } from "./queries";
import { useUnsaved } from "./unsaved";
import { patientWords } from "./words";
import "./patients.css";

interface Props {
  /** The file that is changed; without it, a new one. */
  readonly patientId?: string;
  /** What a new file begins with. */
  readonly initial?: Draft;
  /** Where what is typed into a new file is kept. */
  readonly keptAt?: Place | undefined;
  /** Called with what was saved, or with the known person who was chosen instead of a second file. */
  readonly onSaved: (patient: Patient | PatientItem) => void;
  readonly onCancel: () => void;
}

/** A new file, or a change of one. Nothing typed is lost: refusals land on their fields, another's change is shown
 *  beside mine. */
export function PatientForm({ patientId, initial, keptAt, onSaved, onCancel }: Props) {
  return patientId === undefined ? (
    <NewPatient initial={initial ?? draftOf({})} keptAt={keptAt} onSaved={onSaved} onCancel={onCancel} />
  ) : (
    <LoadedPatient patientId={patientId} onSaved={onSaved} onCancel={onCancel} />
  );
}

type Done = Pick<Props, "onSaved" | "onCancel">;

interface NewProps extends Done {
  readonly initial: Draft;
  readonly keptAt: Place | undefined;
}

function NewPatient({ initial, keptAt, onSaved, onCancel }: NewProps) {
  const words = useWords(patientWords);
  const [draft, setDraft] = useKept(keptAt, "draft", initial);
  const create = useCommand(
    (notSame: readonly string[], key: string) =>
      withTag(
        api.POST("/api/appointments/v1/patients", {
          body: { ...bodyOf(draft), not_same_as: [...notSame] },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (saved: Tagged<Patient>) => onSaved(saved.value),
    useKeptKey(keptAt),
  );
  return (
    <Sheet
      draft={draft}
      setDraft={setDraft}
      dirty={draft !== initial && keptAt === undefined}
      act={create}
      send={() => void create.run([])}
      verb={words.create}
      onCancel={onCancel}
    >
      {create.refusal?.code === "DUPLICATE_SUSPECTED" ? (
        <Duplicates
          refusal={create.refusal}
          busy={create.pending}
          onSame={onSaved}
          onAnother={(ids) => void create.run(ids)}
        />
      ) : null}
    </Sheet>
  );
}

function LoadedPatient({ patientId, ...done }: Done & { readonly patientId: string }) {
  const file = usePatient(patientId);
  return <Read of={file}>{(read) => <ChangePatient read={read} {...done} />}</Read>;
}

/** `read` is the newest version; the form keeps the one it was opened with until the person decides. */
function ChangePatient({ read, onSaved, onCancel }: Done & { readonly read: Tagged<Patient> }) {
  const words = useWords(patientWords);
  const client = useQueryClient();
  const [base, setBase] = useState(read);
  const [before, setBefore] = useState(() => draftFrom(read.value));
  const [draft, setDraft] = useState(before);
  const [comparing, setComparing] = useState(false);
  const changed = read.value.version > base.value.version;
  const path = { patient_id: base.value.id };
  const save = useCommand(
    (_: null, key: string) =>
      withTag(
        api.PATCH("/api/appointments/v1/patients/{patient_id}", {
          params: { path },
          body: patchOf(before, draft),
          headers: { "If-Match": base.etag, "Idempotency-Key": key },
        }),
      ),
    (saved: Tagged<Patient>) => {
      keepPatient(client, saved);
      onSaved(saved.value);
    },
  );
  const stale = save.refusal?.status === 412;
  // The refusal says only that there is a newer version: it is read so that both can be shown.
  useEffect(() => {
    if (stale) void client.invalidateQueries({ queryKey: ["appointments", "patients", base.value.id] });
  }, [stale, client, base.value.id]);
  const settle = (taken: readonly FieldName[]) => {
    const theirs = draftFrom(read.value);
    setDraft(merged(before, draft, theirs, taken));
    setBefore(theirs);
    setBase(read);
    setComparing(false);
    save.renew();
  };
  return (
    <Sheet
      draft={draft}
      setDraft={setDraft}
      dirty={Object.keys(patchOf(before, draft)).length > 0}
      act={stale ? { ...save, refusal: null } : save}
      send={() => (Object.keys(patchOf(before, draft)).length ? void save.run(null) : onCancel())}
      verb={words.save}
      onCancel={onCancel}
    >
      {changed && (stale || comparing) ? (
        <Conflict before={before} mine={draft} theirs={draftFrom(read.value)} onSettle={settle} />
      ) : changed ? (
        <Strip
          state="info"
          role="status"
          acts={<Button onClick={() => setComparing(true)}>{words.seeTheirs}</Button>}
        >
          {words.changedMeanwhile}
        </Strip>
      ) : null}
    </Sheet>
  );
}

interface SheetProps {
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly dirty: boolean;
  readonly act: { readonly pending: boolean; readonly refusal: Refusal | null };
  readonly send: () => void;
  readonly verb: string;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** The fields, what the form itself can tell before it is sent, and its two acts. */
function Sheet({ draft, setDraft, dirty, act, send, verb, onCancel, children }: SheetProps) {
  const words = useWords(patientWords);
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  useUnsaved(dirty);
  const own = tried ? ownFaults(draft, words) : {};
  const shown =
    act.refusal?.code === "DUPLICATE_SUSPECTED" || faultsShown(act.refusal, pointersOf(draft))
      ? null
      : act.refusal;
  // Whoever has just opened the form goes on typing: in the first required field that is empty, else in the first.
  useEffect(() => {
    const inputs = [...(form.current?.querySelectorAll("input") ?? [])];
    (inputs.find((each) => each.required && !each.value) ?? inputs[0])?.focus();
  }, []);
  useEffect(() => {
    if (act.refusal) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [act.refusal]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(ownFaults(draft, words)).length === 0) return send();
    setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  return (
    <form ref={form} className="stack" noValidate onSubmit={submit}>
      <PatientFields draft={draft} onDraft={setDraft} refusal={act.refusal} own={own} />
      <RefusalStrip refusal={shown} />
      {children}
      <div className="row">
        <Button kind="primary" type="submit" busy={act.pending}>
          {verb}
        </Button>
        <Button onClick={onCancel}>{words.giveUp}</Button>
      </div>
    </form>
  );
}

function ownFaults(draft: Draft, words: { readonly fill: string; readonly birthDateFault: string }) {
  const faults: Partial<Record<FieldName, string>> = {};
  if (!draft.birth_family_name.trim()) faults.birth_family_name = words.fill;
  if (!draft.birth_given_names.trim()) faults.birth_given_names = words.fill;
  if (!readBirthDate(draft.birth_date)) faults.birth_date = words.birthDateFault;
  return faults;
}
