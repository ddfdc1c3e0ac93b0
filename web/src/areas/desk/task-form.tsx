import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { once } from "../../calls/acts";
import { type CallFile, useRefreshDesk } from "../../calls/desk";
import { useDraft } from "../../calls/drafts";
import { Button } from "../../ui/button";
import { faultAt, SelectField, TextArea } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { addDays, instantAt, now, today } from "../../words/time";
import { deskWords } from "./words";

type Kind = Schema<"telesecretariat.TaskIn">["kind"];
const KINDS: readonly Kind[] = ["call_patient", "follow_up", "document"];

function dueOf(choice: string): string {
  const hour = new Date(now().getTime() + 3_600_000).toISOString();
  const tonight = instantAt(today(), "18:00");
  if (choice === "tonight" && Date.parse(tonight) > now().getTime()) return tonight;
  return choice === "tomorrow" ? instantAt(addDays(today(), 1), "09:00") : hour;
}

/** Something to do after this call, by oneself or by whoever takes it. */
export function TaskForm({ file, onDone }: { readonly file: CallFile; readonly onDone: () => void }) {
  const words = useWords(deskWords);
  const say = useToast();
  const refresh = useRefreshDesk();
  const [kind, setKind] = useDraft(file.id, "task.kind", "call_patient");
  const [due, setDue] = useDraft(file.id, "task.due", "hour");
  const [note, setNote] = useDraft(file.id, "task.note");
  const add = useCommand(
    (task: Schema<"telesecretariat.TaskIn">, key: string) =>
      body(api.POST("/api/telesecretariat/v1/tasks", { body: task, ...once(key) })),
    () => {
      setNote("");
      say(words.taskAdded);
      void refresh();
      onDone();
    },
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void add.run({
          client_id: file.client_id,
          call_id: file.id,
          patient_id: file.patient_id,
          practitioner_id: file.practitioner_id,
          kind: kind as Kind,
          due_at: dueOf(due),
          note: note.trim() || null,
        });
      }}
    >
      <SelectField
        label={words.taskKind}
        autoFocus
        value={kind}
        onChange={(event) => setKind(event.target.value)}
      >
        {KINDS.map((each) => (
          <option key={each} value={each}>
            {words.taskKinds[each]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.taskDue}
        value={due}
        fault={faultAt(add.refusal, "/due_at")}
        onChange={(event) => setDue(event.target.value)}
      >
        <option value="hour">{words.inAnHour}</option>
        <option value="tonight">{words.tonight}</option>
        <option value="tomorrow">{words.tomorrow}</option>
      </SelectField>
      <TextArea
        label={words.taskNote}
        maxLength={280}
        value={note}
        dir="auto"
        fault={faultAt(add.refusal, "/note")}
        onChange={(event) => setNote(event.target.value)}
      />
      <RefusalStrip refusal={add.refusal} />
      <div>
        <Button type="submit" kind="primary" busy={add.pending}>
          {words.addTask}
        </Button>
      </div>
    </form>
  );
}
