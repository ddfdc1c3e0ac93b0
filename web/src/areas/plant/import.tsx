import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import type { Refusal } from "../../api/refusal";
import type { ChapterProps } from "../../records/chapters";
import { act } from "../../records/read";
import { Button } from "../../ui/button";
import { SelectField, TextField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { useOwners } from "./owners";
import { plantWords } from "./words";

type Report = Schema<"cooperation.SetImportOut">;
type Fault = Report["faults"][number];
interface Given {
  readonly owner: string;
  readonly file: File;
  readonly dry: boolean;
}

/** Sets from a file: it is read whole and told line by line before anything is written. */
export default function Import(_: ChapterProps) {
  const words = useWords(plantWords);
  const client = useQueryClient();
  const owners = useOwners();
  const heading = useRef<HTMLHeadingElement>(null);
  const [owner, setOwner] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const command = useCommand(
    ({ owner: of, file, dry }: Given, key) =>
      body(
        api.POST("/api/cooperation/v1/sets/import", {
          params: { query: { ...(of ? { owner_id: of } : {}), dry_run: dry } },
          body: file as never,
          bodySerializer: (given) => given as never,
          headers: { ...act(key), "Content-Type": "text/csv" },
        }),
      ),
    (told) => {
      setReport(told);
      requestAnimationFrame(() => heading.current?.focus());
      if (!told.dry_run) void client.invalidateQueries({ queryKey: ["cooperation", "sets"] });
    },
  );
  const again = () => {
    setReport(null);
    command.renew();
  };
  const faults = report?.faults ?? faultsOf(command.refusal);
  return (
    <>
      <Title>{words.importing}</Title>
      <p className="muted records-intro">{words.importIntro}</p>
      <div className="panel stack plant-file">
        <SelectField
          label={words.owner}
          value={owner}
          onChange={(event) => {
            setOwner(event.target.value);
            again();
          }}
        >
          <option value="">{words.theGroup}</option>
          {owners.options.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </SelectField>
        <TextField
          label={words.file}
          hint={words.fileHint}
          type="file"
          accept=".csv,.txt,text/csv"
          onChange={(event) => {
            again();
            setFile(event.target.files?.[0] ?? null);
          }}
        />
        <div>
          <Button
            kind={report && faults.length === 0 ? "plain" : "primary"}
            busy={command.pending}
            onClick={() => file && void command.run({ owner, file, dry: true })}
            {...(file ? {} : { blocked: words.fileFirst })}
          >
            {words.check}
          </Button>
        </div>
      </div>
      {faults.length === 0 ? <RefusalStrip refusal={command.refusal} /> : null}
      <section className="stack" aria-live="polite">
        {report || faults.length > 0 ? (
          <h2 ref={heading} tabIndex={-1}>
            {report && !report.dry_run ? words.imported : words.checked}
          </h2>
        ) : null}
        {faults.length > 0 ? (
          <Faults faults={faults} />
        ) : report ? (
          <Strip
            state={report.dry_run ? "info" : "ok"}
            acts={
              report.dry_run && report.added > 0 ? (
                <Button
                  kind="primary"
                  busy={command.pending}
                  onClick={() => file && void command.run({ owner, file, dry: false })}
                >
                  {words.importSets(report.added)}
                </Button>
              ) : null
            }
          >
            {report.dry_run
              ? words.wouldAdd(report.added, report.unchanged)
              : words.added(report.added, report.unchanged)}
          </Strip>
        ) : null}
      </section>
    </>
  );
}

const faultsOf = (refusal: Refusal | null): readonly Fault[] =>
  refusal?.code === "IMPORT_REFUSED" ? ((refusal.more.lines ?? []) as readonly Fault[]) : [];

function Faults({ faults }: { readonly faults: readonly Fault[] }) {
  const words = useWords(plantWords);
  return (
    <>
      <Strip state="warn">{words.faultsFound(faults.length)}</Strip>
      <DataTable
        caption={words.faultsList}
        rows={faults}
        keyOf={(row) => `${row.line} ${row.column} ${row.code}`}
        columns={[
          { id: "line", head: words.lineNo, cell: (row) => words.lineOf(row.line) },
          {
            id: "column",
            head: words.column,
            cell: (row) => words.columns[row.column as keyof typeof words.columns] ?? row.column ?? "",
          },
          { id: "detail", head: words.wrong, cell: (row) => row.detail },
        ]}
      />
    </>
  );
}
