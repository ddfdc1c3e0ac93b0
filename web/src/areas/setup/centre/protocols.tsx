import type { ReactNode } from "react";
import { api, body, type Schema } from "../../../api/client";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { only, type Values } from "../../../records/values";
import { Check, TextField } from "../../../ui/field";
import { Strip } from "../../../ui/state";
import { useLanguage, useWords } from "../../../words/language";
import { dateOnly, today } from "../../../words/time";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { PROTOCOLS, type Practitioner, type Protocol, readProtocols, usePractitioners } from "./shared";
import { centreWords } from "./words";

type ProtocolIn = Schema<"appointments.ProtocolIn">;
type Physician = Schema<"appointments.DelegatingPhysician">;
type Nurse = Schema<"appointments.DelegatedNurse">;

/** Delegation to nurses: who delegates, who was trained when, how long it holds. */
export default function Protocols({ id }: ChapterProps) {
  const words = useWords(centreWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const people = usePractitioners().data ?? [];
  const nameOf = (person: string) => people.find((each) => each.id === person)?.display_name ?? "";
  const noun: Noun<Protocol> = {
    path: "protocols",
    title: all.protocols,
    add: words.addProtocol,
    addTitle: words.newProtocol,
    empty: words.noProtocols,
    queryKey: PROTOCOLS,
    read: readProtocols,
    name: (row) => row.title,
    inactive: (row) => !row.active,
    columns: [
      { id: "reference", head: words.reference, cell: (row) => row.reference },
      {
        id: "valid",
        head: words.lastDay,
        cell: (row) => (row.last_day ? dateOnly(row.last_day, language) : ""),
      },
    ],
    groups: () => [
      {
        legend: words.identity,
        fields: [
          { kind: "text", name: "title", label: words.title, required: true },
          { kind: "text", name: "reference", label: words.reference, required: true },
          { kind: "date", name: "first_day", label: words.firstDay, required: true },
          { kind: "date", name: "last_day", label: words.lastDay },
          { kind: "yes", name: "active", label: words.active },
        ],
      },
      {
        legend: words.members,
        fields: [
          {
            kind: "own",
            name: "physicians",
            label: words.physicians,
            say: (value) =>
              ((value ?? []) as Physician[]).map((each) => nameOf(each.practitioner_id)).join(", "),
            edit: ({ value, change }) => (
              <Members<Physician>
                legend={words.physicians}
                people={people.filter((each) => each.profession === "physician")}
                chosen={(value ?? []) as Physician[]}
                onChange={change}
                blank={{}}
              />
            ),
          },
          {
            kind: "own",
            name: "nurses",
            label: words.nurses,
            say: (value) =>
              ((value ?? []) as Nurse[])
                .map((each) => `${nameOf(each.practitioner_id)} (${each.trained_on ?? words.noTraining})`)
                .join(", "),
            edit: ({ value, change }) => (
              <Members<Nurse>
                legend={words.nurses}
                people={people.filter((each) => each.profession === "nurse")}
                chosen={(value ?? []) as Nurse[]}
                onChange={change}
                blank={{ trained_on: today() }}
                more={(row, set) => (
                  <TextField
                    label={`${words.trained} (${nameOf(row.practitioner_id)})`}
                    type="date"
                    value={row.trained_on ?? ""}
                    onChange={(event) => set({ trained_on: event.target.value || null })}
                  />
                )}
              />
            ),
          },
        ],
      },
    ],
    blank: { title: "", reference: "", first_day: today(), active: true, physicians: [], nurses: [] },
    values: (row) => ({
      ...row,
      physicians: row.members?.physicians ?? [],
      nurses: row.members?.nurses ?? [],
    }),
    create: (values, key) =>
      body(api.POST("/api/appointments/v1/protocols", { body: given(values), headers: act(key) })),
    change: (row, values, key, version) =>
      body(
        api.PUT("/api/appointments/v1/protocols/{protocol_id}", {
          params: { path: { protocol_id: row.id } },
          body: given(values),
          headers: act(key, version),
        }),
      ),
    beside: (row) =>
      row.members?.conflicts ? <Strip state="warn">{words.conflicts(row.members.conflicts)}</Strip> : null,
  };
  return <NounScreen noun={noun} id={id} />;
}

const given = (values: Values) =>
  only(values, "title reference first_day last_day active physicians nurses") as ProtocolIn;

interface MembersProps<Row extends { practitioner_id: string }> {
  readonly legend: string;
  readonly people: readonly Practitioner[];
  readonly chosen: readonly Row[];
  readonly onChange: (rows: Row[]) => void;
  readonly blank: Omit<Row, "practitioner_id">;
  readonly more?: (row: Row, set: (part: Partial<Row>) => void) => ReactNode;
}

function Members<Row extends { practitioner_id: string }>(props: MembersProps<Row>) {
  const { chosen, onChange } = props;
  return (
    <fieldset className="field stack">
      <legend>{props.legend}</legend>
      <div className="records-set">
        {props.people.map((person) => (
          <Check
            key={person.id}
            label={person.display_name}
            checked={chosen.some((each) => each.practitioner_id === person.id)}
            onChange={(event) =>
              onChange(
                event.target.checked
                  ? [...chosen, { ...props.blank, practitioner_id: person.id } as Row]
                  : chosen.filter((each) => each.practitioner_id !== person.id),
              )
            }
          />
        ))}
      </div>
      {props.more
        ? chosen.map((row) => (
            <div key={row.practitioner_id}>
              {props.more?.(row, (part) =>
                onChange(
                  chosen.map((each) =>
                    each.practitioner_id === row.practitioner_id ? { ...each, ...part } : each,
                  ),
                ),
              )}
            </div>
          ))
        : null}
    </fieldset>
  );
}
