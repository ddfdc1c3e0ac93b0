import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { once, useAct } from "../../calls/acts";
import type { Desk } from "../../calls/desk";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/field";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { useNow } from "../../ui/timer";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, dayOf, timeOfDay, today } from "../../words/time";
import { CallOut } from "./call-out";
import { deskWords } from "./words";

/** Those that end with a conversation. */
const CALLED: readonly string[] = ["call_patient", "callback_missed", "follow_up"];
type Line = Desk["tasks"][number];
type Outcome = NonNullable<Schema<"telesecretariat.TaskDone">["outcome"]>;
const OUTCOMES: readonly Outcome[] = ["done", "reached", "not_reached", "appointment", "passed_on"];

/** What is still to do, due first; taken by one, done with its result. */
export function Tasks({ desk }: { readonly desk: Desk }) {
  const words = useWords(deskWords);
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section className="panel stack" aria-label={words.tasks}>
      <h2>
        {words.tasks} <span className="muted">{desk.tasks.length}</span>
      </h2>
      {desk.tasks.length === 0 ? <p className="muted">{words.tasksEmpty}</p> : null}
      <ul className="desk-list">
        {desk.tasks.slice(0, 40).map((task) => (
          <TaskLine
            key={task.id}
            task={task}
            open={open === task.id}
            onOpen={() => setOpen(open === task.id ? null : task.id)}
          />
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  readonly task: Line;
  readonly open: boolean;
  readonly onOpen: () => void;
}

function TaskLine({ task, open, onOpen }: LineProps) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const act = useAct();
  const now = useNow(30_000);
  const late = Date.parse(task.due_at) < now.getTime();
  const when =
    dayOf(task.due_at) === today() ? timeOfDay(task.due_at, language) : dayAndTime(task.due_at, language);
  const mine = task.owner_id === session.person?.id;
  const take = () =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/tasks/{task_id}/take", {
          params: { path: { task_id: task.id } },
          ...once(key),
        }),
      ),
    );
  return (
    <li className="stack">
      <div className="row spread">
        <span>
          <strong>{words.taskKinds[task.kind] ?? task.kind}</strong>{" "}
          <span className="small muted">{words.due(when)}</span>{" "}
          {late ? <Badge state="danger">{words.late}</Badge> : null}
          {task.state === "taken" && !mine ? <Badge>{words.taken}</Badge> : null}
        </span>
        <span className="row">
          {task.state === "open" ? (
            <Button busy={act.pending} onClick={take}>
              {words.take}
            </Button>
          ) : null}
          <Button kind="quiet" aria-expanded={open} onClick={onOpen}>
            {open ? words.hide : words.see}
          </Button>
        </span>
      </div>
      <RefusalStrip refusal={act.refusal} />
      {open ? <TaskFile taskId={task.id} version={task.version} mine={mine} /> : null}
    </li>
  );
}

interface FileProps {
  readonly taskId: string;
  readonly version: number;
  readonly mine: boolean;
}

function TaskFile({ taskId, version, mine }: FileProps) {
  const words = useWords(deskWords);
  const act = useAct();
  const [outcome, setOutcome] = useState<Outcome>("done");
  const task = useQuery({
    queryKey: ["telesecretariat", "task", taskId, version],
    queryFn: () =>
      body(api.GET("/api/telesecretariat/v1/tasks/{task_id}", { params: { path: { task_id: taskId } } })),
  });
  return (
    <Read of={task} lines={2}>
      {(file) => (
        <div className="stack desk-inset">
          <p>{file.note ?? words.noNote}</p>
          {file.patient_id ? <Link href={`/patients/${file.patient_id}`}>{words.see}</Link> : null}
          {CALLED.includes(file.kind) ? <CallOut task={file} /> : null}
          {mine ? (
            <form
              className="row"
              onSubmit={(event) => {
                event.preventDefault();
                void act.run((key) =>
                  body(
                    api.POST("/api/telesecretariat/v1/tasks/{task_id}/done", {
                      params: { path: { task_id: taskId } },
                      body: { outcome },
                      ...once(key),
                    }),
                  ),
                );
              }}
            >
              <SelectField
                label={words.taskOutcome}
                value={outcome}
                onChange={(event) => setOutcome(event.target.value as Outcome)}
              >
                {OUTCOMES.map((each) => (
                  <option key={each} value={each}>
                    {words.taskOutcomes[each]}
                  </option>
                ))}
              </SelectField>
              <Button type="submit" kind="primary" busy={act.pending}>
                {words.taskDone}
              </Button>
            </form>
          ) : null}
          <RefusalStrip refusal={act.refusal} />
        </div>
      )}
    </Read>
  );
}
