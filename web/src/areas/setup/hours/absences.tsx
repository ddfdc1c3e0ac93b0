import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, body, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act, everyPage, pageOf, useList } from "../../../records/read";
import { Button } from "../../../ui/button";
import { faultAt, SelectField, TextField } from "../../../ui/field";
import { Empty, Read, RefusalStrip } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { Title } from "../../../ui/title";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { dayAndTime, instantAt, now, today } from "../../../words/time";
import { useSites } from "../centre/shared";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { useOwnPeople } from "./shared";
import { hoursWords } from "./words";

type Absence = Schema<"appointments.AbsenceOut">;
type Closure = Schema<"appointments.ClosureOut">;
type Kind = Schema<"appointments.AbsenceIn">["kind"];
const DECLARED: readonly Kind[] = ["leave", "sick", "training", "other"];
const ABSENCES = ["appointments", "absences", "to-come"] as const;
const CLOSURES = ["appointments", "closures", "to-come"] as const;

/** Who is away and which sites are closed, from now on. */
export default function Absences(_: ChapterProps) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const { own } = useOwnPeople();
  return (
    <>
      <Title>{all.absences}</Title>
      <p className="muted records-intro">{words.absencesText}</p>
      <AbsenceList />
      {own ? null : <ClosureList />}
    </>
  );
}

function AbsenceList() {
  const words = useWords(hoursWords);
  const { people } = useOwnPeople();
  const list = useList(
    ABSENCES,
    () =>
      everyPage<Absence>((cursor) =>
        body(
          api.GET("/api/appointments/v1/absences", {
            params: { query: { from: now().toISOString(), ...pageOf(cursor) } },
          }),
        ),
      ),
    ["appointments.absence_changed"],
  );
  const nameOf = (id: string) => people.find((each) => each.id === id)?.display_name ?? "";
  const [kind, setKind] = useState<Kind>("leave");
  return (
    <section className="stack">
      <h2>{words.absences}</h2>
      <Read of={list}>
        {(rows) => (
          <Periods
            rows={rows.filter((row) => people.some((each) => each.id === row.practitioner_id))}
            empty={words.noAbsence}
            caption={words.absences}
            who={(row) => nameOf(row.practitioner_id)}
            why={(row) => words.absenceKinds[row.kind]}
            blocked={(row) => (row.kind === "rest" ? words.restIsLaw : undefined)}
            lift={(row, key) =>
              body(
                api.DELETE("/api/appointments/v1/absences/{absence_id}", {
                  params: { path: { absence_id: row.id } },
                  headers: act(key),
                }),
              )
            }
            queryKey={ABSENCES}
          />
        )}
      </Read>
      <Declare
        label={words.addAbsence}
        subject={words.practitioner}
        pointer="/practitioner_id"
        options={people
          .filter((each) => each.active)
          .map((each) => ({ value: each.id, label: each.display_name }))}
        act={words.declare}
        queryKey={ABSENCES}
        send={(practitioner_id, period, key) =>
          body(
            api.POST("/api/appointments/v1/absences", {
              body: { practitioner_id, kind, ...period },
              headers: act(key),
            }),
          )
        }
      >
        <SelectField
          label={words.absenceKind}
          value={kind}
          onChange={(event) => setKind(event.target.value as Kind)}
        >
          {DECLARED.map((each) => (
            <option key={each} value={each}>
              {words.absenceKinds[each]}
            </option>
          ))}
        </SelectField>
      </Declare>
    </section>
  );
}

function ClosureList() {
  const words = useWords(hoursWords);
  const sites = useSites().data ?? [];
  const list = useList(CLOSURES, () =>
    everyPage<Closure>((cursor) =>
      body(
        api.GET("/api/appointments/v1/closures", {
          params: { query: { from: now().toISOString(), ...pageOf(cursor) } },
        }),
      ),
    ),
  );
  return (
    <section className="stack">
      <h2>{words.closures}</h2>
      <Read of={list}>
        {(rows) => (
          <Periods
            rows={rows}
            empty={words.noClosure}
            caption={words.closures}
            who={(row) => sites.find((each) => each.id === row.site_id)?.name ?? ""}
            lift={(row, key) =>
              body(
                api.DELETE("/api/appointments/v1/closures/{closure_id}", {
                  params: { path: { closure_id: row.id } },
                  headers: act(key),
                }),
              )
            }
            queryKey={CLOSURES}
          />
        )}
      </Read>
      <Declare
        label={words.addClosure}
        subject={words.site}
        pointer="/site_id"
        options={sites.filter((each) => each.active).map((each) => ({ value: each.id, label: each.name }))}
        act={words.close}
        queryKey={CLOSURES}
        send={(site_id, period, key) =>
          body(api.POST("/api/appointments/v1/closures", { body: { site_id, ...period }, headers: act(key) }))
        }
      />
    </section>
  );
}

interface Period {
  readonly id: string;
  readonly start: string;
  readonly end: string;
}

interface PeriodsProps<Row extends Period> {
  readonly rows: readonly Row[];
  readonly empty: string;
  readonly caption: string;
  readonly who: (row: Row) => string;
  readonly why?: (row: Row) => string;
  readonly blocked?: (row: Row) => string | undefined;
  readonly lift: (row: Row, key: string) => Promise<unknown>;
  readonly queryKey: readonly unknown[];
}

function Periods<Row extends Period>(props: PeriodsProps<Row>) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  const toast = useToast();
  const client = useQueryClient();
  const lift = useCommand(
    (row: Row, key) => props.lift(row, key),
    async () => {
      toast(words.lifted);
      await client.invalidateQueries({ queryKey: props.queryKey });
    },
  );
  if (props.rows.length === 0) return <Empty>{props.empty}</Empty>;
  return (
    <>
      <RefusalStrip refusal={lift.refusal} />
      <DataTable
        caption={props.caption}
        captionHidden
        rows={props.rows}
        keyOf={(row) => row.id}
        columns={[
          { id: "who", head: props.caption, cell: props.who },
          ...(props.why ? [{ id: "why", head: words.absenceKind, cell: props.why }] : []),
          { id: "from", head: words.fromDay, cell: (row) => dayAndTime(row.start, language) },
          { id: "to", head: words.toDay, cell: (row) => dayAndTime(row.end, language) },
          {
            id: "acts",
            head: words.lift,
            cell: (row) => (
              <Button
                aria-label={words.liftOf(props.who(row))}
                busy={lift.pending}
                blocked={props.blocked?.(row)}
                onClick={() => void lift.run(row)}
              >
                {words.lift}
              </Button>
            ),
          },
        ]}
      />
    </>
  );
}

interface DeclareProps {
  readonly label: string;
  readonly subject: string;
  readonly pointer: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly act: string;
  readonly queryKey: readonly unknown[];
  readonly send: (
    subject: string,
    period: { start: string; end: string },
    key: string,
  ) => Promise<{ conflicts?: number | null }>;
  readonly children?: ReactNode;
}

function Declare(props: DeclareProps) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const toast = useToast();
  const client = useQueryClient();
  const [subject, setSubject] = useState("");
  const [fromDay, setFromDay] = useState(today);
  const [from, setFrom] = useState("00:00");
  const [toDay, setToDay] = useState(today);
  const [to, setTo] = useState("23:55");
  const ready = subject && fromDay.length === 10 && toDay.length === 10 && from && to;
  const send = useCommand(
    (_: undefined, key) =>
      props.send(subject, { start: instantAt(fromDay, from), end: instantAt(toDay, to) }, key),
    async ({ conflicts }) => {
      toast(words.declared(conflicts ?? 0));
      setSubject("");
      await client.invalidateQueries({ queryKey: props.queryKey });
    },
  );
  const field = (
    label: string,
    type: string,
    value: string,
    set: (text: string) => void,
    pointer: string,
  ) => (
    <TextField
      label={label}
      type={type}
      value={value}
      fault={faultAt(send.refusal, pointer)}
      onChange={(event) => set(event.target.value)}
    />
  );
  return (
    <details className="panel">
      <summary>{props.label}</summary>
      <div className="stack">
        <div className="records-line">
          <SelectField
            label={props.subject}
            value={subject}
            fault={faultAt(send.refusal, props.pointer)}
            onChange={(event) => setSubject(event.target.value)}
          >
            <option value="">{all.choose}</option>
            {props.options.map((each) => (
              <option key={each.value} value={each.value}>
                {each.label}
              </option>
            ))}
          </SelectField>
          {props.children}
          {field(words.fromDay, "date", fromDay, setFromDay, "/start")}
          {field(words.start, "time", from, setFrom, "/start")}
          {field(words.toDay, "date", toDay, setToDay, "/end")}
          {field(words.end, "time", to, setTo, "/end")}
        </div>
        <RefusalStrip refusal={send.refusal} />
        <div>
          <Button
            kind="primary"
            busy={send.pending}
            blocked={ready ? undefined : all.chooseFirst}
            onClick={() => void send.run(undefined)}
          >
            {props.act}
          </Button>
        </div>
      </div>
    </details>
  );
}
