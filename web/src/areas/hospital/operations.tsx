import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useNames } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/field";
import { Empty, Read, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { addDays, longDay, timeOfDay, today } from "../../words/time";
import { ImportProgramme } from "./import";
import { NeedLine } from "./need";
import { OperationForm } from "./operation-form";
import { type Operation, useOperations } from "./queries";
import { Used } from "./used";
import { hospitalWords } from "./words";

type Open =
  | { readonly kind: "new" | "import" }
  | { readonly kind: "change" | "withdraw"; readonly of: Operation };

/** The theatre's programme of a day: each operation, what it needs, what is kept for it and what is promised. */
export function Operations() {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const [, go] = useLocation();
  const day = new URLSearchParams(useSearch()).get("day") ?? addDays(today(), 1);
  const [open, setOpen] = useState<Open | null>(null);
  const query = useOperations(day);
  const writes = may("cooperation:programme.write");
  const show = (to: string) => go(`/hospital/operations?day=${to}`, { replace: true });
  const close = () => setOpen(null);
  const done = () => {
    close();
    void query.refetch();
  };
  return (
    <>
      <div className="row spread hospital-bar">
        <div className="row hospital-days">
          <Button aria-pressed={day === today()} onClick={() => show(today())}>
            {words.today}
          </Button>
          <Button aria-pressed={day === addDays(today(), 1)} onClick={() => show(addDays(today(), 1))}>
            {words.tomorrow}
          </Button>
          <TextField
            label={words.day}
            type="date"
            value={day}
            onChange={(event) => (event.target.value ? show(event.target.value) : undefined)}
          />
        </div>
        {writes ? (
          <div className="row">
            <Button onClick={() => setOpen({ kind: "import" })}>{words.importIt}</Button>
            <Button kind="primary" onClick={() => setOpen({ kind: "new" })}>
              {words.addOperation}
            </Button>
          </div>
        ) : null}
      </div>
      <h2>{longDay(day, language)}</h2>
      <Read of={query} lines={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.noOperation}</Empty>
          ) : (
            <ul className="stack">
              {items.map((each) => (
                <li key={each.id}>
                  <Card
                    operation={each}
                    writes={writes && each.state === "planned"}
                    onAct={(kind) => setOpen({ kind, of: each })}
                    onChanged={() => void query.refetch()}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Read>
      <Used />
      {open?.kind === "new" ? <OperationForm day={day} onDone={done} onClose={close} /> : null}
      {open?.kind === "change" ? (
        <OperationForm key={open.of.id} day={day} of={open.of} onDone={done} onClose={close} />
      ) : null}
      {open?.kind === "withdraw" ? <Withdraw of={open.of} onDone={done} onClose={close} /> : null}
      {open?.kind === "import" ? <ImportProgramme onDone={done} onClose={close} /> : null}
    </>
  );
}

interface CardProps {
  readonly operation: Operation;
  readonly writes: boolean;
  readonly onAct: (kind: "change" | "withdraw") => void;
  readonly onChanged: () => void;
}

function Card({ operation, writes, onAct, onChanged }: CardProps) {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const names = useNames();
  return (
    <article className="panel stack" aria-label={words.operationOf(operation.operation_ref)}>
      <div className="row spread">
        <h3 className="row">
          <span>{timeOfDay(operation.starts_at, language)}</span>
          <span>{operation.theatre}</span>
          <span className="mono">{operation.operation_ref}</span>
        </h3>
        <span className="muted small">
          {names.site(operation.site_id)}
          {operation.state === "done" ? `, ${words.isDone}` : ""}
        </span>
      </div>
      {operation.needs.length === 0 ? <p className="muted">{words.needsNothing}</p> : null}
      <ul className="stack">
        {operation.needs.map((need) => (
          <NeedLine key={need.id} need={need} writes={writes} onChanged={onChanged} />
        ))}
      </ul>
      {writes ? (
        <div className="row">
          <Button onClick={() => onAct("change")}>{words.changeOperation}</Button>
          <Button kind="danger" onClick={() => onAct("withdraw")}>
            {words.withdraw}
          </Button>
        </div>
      ) : null}
    </article>
  );
}

interface WithdrawProps {
  readonly of: Operation;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function Withdraw({ of, onDone, onClose }: WithdrawProps) {
  const words = useWords(hospitalWords);
  const say = useToast();
  const command = useCommand(
    (ref: string, key) =>
      body(
        api.DELETE("/api/cooperation/v1/operations/{operation_ref}", {
          params: { path: { operation_ref: ref } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.withdrawn);
      onDone();
    },
  );
  return (
    <Dialog
      title={words.withdrawTitle(of.operation_ref)}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.keepOperation}</Button>
          <Button kind="danger" busy={command.pending} onClick={() => void command.run(of.operation_ref)}>
            {words.withdraw}
          </Button>
        </>
      }
    >
      <p>{words.withdrawSays}</p>
      <RefusalStrip refusal={command.refusal} />
    </Dialog>
  );
}
