import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { hospitalWords } from "./words";

type Outcome = Schema<"cooperation.ProgrammeImportOut">;

/** A file of the programme as it is: its bytes, for the service reads more than one encoding. */
async function send(file: File, dryRun: boolean, key: string): Promise<Outcome> {
  return await body(
    api.POST("/api/cooperation/v1/operations/import", {
      params: { query: { dry_run: dryRun } },
      body: (await file.arrayBuffer()) as unknown as string,
      bodySerializer: (bytes: unknown) => bytes as BodyInit,
      headers: { "Content-Type": "text/csv", "Idempotency-Key": key },
    }),
  );
}

/** The programme by file: first what it would change, line by line what is refused; then, all of it. */
export function ImportProgramme({
  onDone,
  onClose,
}: {
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const words = useWords(hospitalWords);
  const say = useToast();
  const [file, setFile] = useState<File | null>(null);
  const rehearsal = useCommand((chosen: File, key) => send(chosen, true, key));
  const command = useCommand(
    (chosen: File, key) => send(chosen, false, key),
    (out) => {
      say(words.imported(out.created, out.changed));
      onDone();
    },
  );
  const found = rehearsal.done;
  const nothing = found && found.created + found.changed === 0;
  const blocked = !found
    ? words.chooseFirst
    : found.faults.length > 0
      ? words.faultsFirst
      : nothing
        ? words.nothingNew
        : undefined;
  return (
    <Dialog
      title={words.importTitle}
      onClose={onClose}
      wide
      foot={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            kind="primary"
            busy={command.pending || rehearsal.pending}
            blocked={blocked}
            onClick={() => (file ? void command.run(file) : undefined)}
          >
            {words.importNow}
          </Button>
        </>
      }
    >
      <TextField
        label={words.file}
        hint={words.fileHint}
        type="file"
        accept=".csv,text/csv"
        onChange={(event) => {
          const chosen = event.target.files?.[0] ?? null;
          setFile(chosen);
          command.renew();
          rehearsal.renew();
          if (chosen) void rehearsal.run(chosen);
        }}
      />
      <p className="small muted mono">{words.fileExample}</p>
      <RefusalStrip refusal={rehearsal.refusal ?? command.refusal} />
      {found ? <Found outcome={found} /> : null}
    </Dialog>
  );
}

function Found({ outcome }: { readonly outcome: Outcome }) {
  const words = useWords(hospitalWords);
  const bad = new Set(outcome.faults.map((fault) => fault.line)).size;
  return (
    <>
      <dl className="hospital-counts">
        <div data-state={outcome.created ? "ok" : undefined}>
          <dt>{words.created}</dt>
          <dd>{outcome.created}</dd>
        </div>
        <div data-state={outcome.changed ? "info" : undefined}>
          <dt>{words.changedCount}</dt>
          <dd>{outcome.changed}</dd>
        </div>
        <div>
          <dt>{words.unchanged}</dt>
          <dd>{outcome.unchanged}</dd>
        </div>
        <div data-state={bad ? "danger" : undefined}>
          <dt>{words.refusedLines}</dt>
          <dd>{bad}</dd>
        </div>
      </dl>
      {bad > 0 ? (
        <>
          <Strip state="danger" role="alert">
            {words.faultsSay}
          </Strip>
          <DataTable
            caption={words.refusedLines}
            captionHidden
            rows={outcome.faults}
            keyOf={(fault) => `${fault.line}-${fault.column}-${fault.code}`}
            columns={[
              { id: "line", head: words.line, number: true, cell: (fault) => fault.line },
              {
                id: "column",
                head: words.column,
                cell: (fault) => (fault.column ? (words.columns[fault.column] ?? fault.column) : "–"),
              },
              { id: "why", head: words.why, cell: (fault) => fault.detail },
            ]}
          />
        </>
      ) : null}
    </>
  );
}
