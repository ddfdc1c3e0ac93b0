import { useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { Refusal } from "../../api/refusal";
import { act, useList } from "../../records/read";
import { RecordForm } from "../../records/record";
import { only, optionsOf, type Group as Questions } from "../../records/values";
import { Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { type PlantWords, plantWords } from "./words";

type Group = Schema<"cooperation.GroupOut">;
const KEY = ["cooperation", "group", "all"];
const NOT_FOUND = 404;

/** The group as the door's organisation has it; none until it was set up. */
async function read(): Promise<Group | null> {
  try {
    return await body(api.GET("/api/cooperation/v1/group"));
  } catch (error) {
    if (error instanceof Refusal && error.status === NOT_FOUND) return null;
    throw error;
  }
}

/** What the group decides: its name, and how long, how late, how many. They count from the next act on. */
export default function GroupChapter() {
  const words = useWords(plantWords);
  const client = useQueryClient();
  const group = useList(KEY, read);
  return (
    <>
      <Title>{words.group}</Title>
      <p className="muted records-intro">{words.groupIntro}</p>
      <Read of={group}>
        {(row) => (
          <section className="panel stack">
            <RecordForm<Group>
              name="group"
              title={row?.name ?? words.newGroup}
              groups={questions(words)}
              row={row}
              values={(each) => ({ ...each })}
              blank={{ name: "", gs1_prefix: "", time_zone: "Europe/Paris" }}
              save={(values, key, version) =>
                row
                  ? body(
                      api.PATCH("/api/cooperation/v1/group", {
                        body: only(values, "name time_zone parameters") as Schema<"cooperation.GroupPatch">,
                        headers: act(key, version ?? row.version),
                      }),
                    )
                  : body(
                      api.POST("/api/cooperation/v1/group", {
                        body: only(values, "name gs1_prefix time_zone") as Schema<"cooperation.GroupIn">,
                        headers: act(key),
                      }),
                    )
              }
              again={async () => (await read()) ?? undefined}
              onSaved={() => void client.invalidateQueries({ queryKey: ["cooperation", "group"] })}
            />
          </section>
        )}
      </Read>
    </>
  );
}

function questions(words: PlantWords): Questions[] {
  const number = (name: keyof PlantWords["parameters"], min: number, max: number, step = 1) => ({
    kind: "number" as const,
    name: `parameters.${name}`,
    label: words.parameters[name],
    min,
    max,
    step,
    required: true,
    when: made,
  });
  return [
    {
      legend: words.identity,
      fields: [
        { kind: "text", name: "name", label: words.name, required: true, max: 120 },
        {
          kind: "text",
          name: "gs1_prefix",
          label: words.prefix,
          hint: words.prefixHint,
          required: true,
          fixed: true,
          max: 12,
        },
        { kind: "text", name: "time_zone", label: words.zone, required: true, max: 60 },
      ],
    },
    {
      legend: words.releasing,
      fields: [
        {
          kind: "set",
          name: "parameters.tests_of_day",
          label: words.parameters.tests_of_day,
          options: optionsOf(words.tests),
          when: made,
        },
        {
          kind: "set",
          name: "parameters.steam_controls",
          label: words.parameters.steam_controls,
          options: optionsOf(words.controls),
          when: made,
        },
        number("release_proof_s", 30, 900),
        number("record_overdue_min", 1, 600),
        number("second_recorder_k", 0.1, 5, 0.1),
        {
          kind: "yes",
          name: "parameters.separation_of_duties",
          label: words.parameters.separation_of_duties,
          when: made,
        },
      ],
    },
    {
      legend: words.washingAndRoad,
      fields: [
        number("soak_alarm_min", 1, 240),
        number("loan_washes", 1, 5),
        number("unattended_h", 1, 72),
        number("stop_late_min", 1, 240),
        number("theatre_before_min", 0, 600),
        number("set_not_back_h", 1, 240),
        {
          kind: "yes",
          name: "parameters.soak_on_the_road",
          label: words.parameters.soak_on_the_road,
          when: made,
        },
      ],
    },
    {
      legend: words.traceGroup,
      fields: [
        number("late_scan_min", 1, 1440),
        number("clock_wrong_h", 0.5, 240, 0.5),
        number("correction_min", 0, 1440),
        number("trace_years", 5, 100),
        number("prion_years", 20, 100),
      ],
    },
  ];
}

const made = (values: Readonly<Record<string, unknown>>) => values.parameters !== undefined;
