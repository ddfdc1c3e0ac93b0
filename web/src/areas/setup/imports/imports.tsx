import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { useSession } from "../../../api/session";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { Check, SelectField, TextField } from "../../../ui/field";
import { RefusalStrip } from "../../../ui/state";
import { Title } from "../../../ui/title";
import { useWords } from "../../../words/language";
import { usePractitioners } from "../centre/shared";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { Faults, Result } from "./result";
import {
  type Fault,
  type Import,
  isCalendar,
  KINDS,
  type Kind,
  type Options,
  SCHEDULED,
  typeOf,
} from "./shared";
import { importWords } from "./words";

/** A file is checked, its faults are named line by line, and only then it is imported: all of it, or nothing. */
export default function Imports(_: ChapterProps) {
  const words = useWords(importWords);
  const all = useWords(setupWords);
  const client = useQueryClient();
  const { may } = useSession();
  const kinds = KINDS.filter((each) =>
    may(SCHEDULED.has(each) ? "appointments:schedule.write" : "appointments:directory.write"),
  );
  const [options, setOptions] = useState<Options>({
    kind: kinds[0] ?? "absences",
    practitioner: "",
    replace: false,
    tell: "none",
  });
  const [file, setFile] = useState<File | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const check = useCommand((given: File, key: string) => send(given, options, true, key));
  const apply = useCommand(
    (given: File, key: string) => send(given, options, false, key),
    () => void client.invalidateQueries({ queryKey: ["appointments"] }),
  );
  const again = () => {
    check.renew();
    apply.renew();
  };
  const change = (part: Partial<Options>) => {
    setOptions((before) => ({ ...before, ...part }));
    again();
  };
  const calendar = file !== null && isCalendar(file);
  const blocked = !file
    ? words.chooseFile
    : calendar && options.practitioner === ""
      ? words.choosePractitioner
      : undefined;
  const result = apply.done ?? check.done;
  const late = apply.refusal?.more.lines as readonly Fault[] | undefined;
  return (
    <>
      <Title>{all.imports}</Title>
      <p className="muted records-intro">{words.intro}</p>
      <form
        className="panel stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (file && blocked === undefined) void check.run(file);
        }}
      >
        <div className="records-line">
          <SelectField
            label={words.kind}
            value={options.kind}
            onChange={(event) => change({ kind: event.target.value as Kind })}
          >
            {kinds.map((each) => (
              <option key={each} value={each}>
                {words.kinds[each]}
              </option>
            ))}
          </SelectField>
          <a className="button" href={`/api/appointments/v1/imports/templates/${options.kind}.csv`} download>
            {words.template}
          </a>
        </div>
        <TextField
          ref={input}
          label={words.file}
          hint={options.kind === "absences" ? words.fileHintCalendar : words.fileHint}
          type="file"
          accept={options.kind === "absences" ? ".csv,text/csv,.ics,text/calendar" : ".csv,text/csv"}
          onChange={(event) => {
            setFile(event.target.files?.[0] ?? null);
            again();
          }}
        />
        <Asked options={options} calendar={calendar} onChange={change} />
        <div className="row">
          <Button
            type="submit"
            kind={check.done ? "plain" : "primary"}
            busy={check.pending}
            blocked={blocked}
          >
            {check.pending ? words.checking : words.check}
          </Button>
        </div>
        <RefusalStrip refusal={check.refusal} />
      </form>
      {late ? <Faults faults={late} /> : <RefusalStrip refusal={apply.refusal} />}
      {result && !late ? (
        <Result
          result={result}
          busy={apply.pending}
          onImport={() => file && void apply.run(file)}
          onAnother={() => {
            again();
            setFile(null);
            if (input.current) {
              input.current.value = "";
              input.current.focus();
            }
          }}
        />
      ) : null}
    </>
  );
}

function send(file: File, options: Options, dry_run: boolean, key: string): Promise<Import> {
  const { kind, practitioner, replace, tell } = options;
  const query = { kind, dry_run, replace, tell, ...(isCalendar(file) ? { practitioner } : {}) };
  return body(
    api.POST("/api/appointments/v1/imports", {
      params: { query },
      // The file goes as it is: its encoding is read from its bytes.
      body: "",
      bodySerializer: () => file,
      headers: { ...act(key), "Content-Type": typeOf(file) },
    }),
  );
}

interface AskedProps {
  readonly options: Options;
  readonly calendar: boolean;
  readonly onChange: (part: Partial<Options>) => void;
}

/** What is asked of some kinds of file only. */
function Asked({ options, calendar, onChange }: AskedProps) {
  const words = useWords(importWords);
  const people = (usePractitioners().data ?? []).filter((each) => each.active);
  return (
    <>
      {calendar ? (
        <div className="records-line">
          <SelectField
            label={words.practitioner}
            required
            value={options.practitioner}
            onChange={(event) => onChange({ practitioner: event.target.value })}
          >
            <option value="">{words.choose}</option>
            {people.map((each) => (
              <option key={each.id} value={each.id}>
                {each.display_name}
              </option>
            ))}
          </SelectField>
        </div>
      ) : null}
      {options.kind === "absences" ? (
        <Check
          label={words.replace}
          checked={options.replace}
          onChange={(event) => onChange({ replace: event.target.checked })}
        />
      ) : null}
      {options.kind === "appointments" ? (
        <div className="records-line">
          <SelectField
            label={words.tell}
            value={options.tell}
            onChange={(event) => onChange({ tell: event.target.value as Options["tell"] })}
          >
            {(["none", "reminders", "all"] as const).map((each) => (
              <option key={each} value={each}>
                {words.tells[each]}
              </option>
            ))}
          </SelectField>
        </div>
      ) : null}
    </>
  );
}
