import { useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../../api/client";
import { useSession } from "../../../api/session";
import { act, useList } from "../../../records/read";
import { RecordForm } from "../../../records/record";
import type { Group, Values } from "../../../records/values";
import { Read } from "../../../ui/state";
import { Title } from "../../../ui/title";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { centreWords } from "./words";

type Organisation = Schema<"appointments.OrganisationOut">;
type OrganisationIn = Schema<"appointments.OrganisationIn">;
type Name = keyof (typeof centreWords)["fr"]["parameters"];

/** Figures by what they are about: name, least, greatest, as the service has them. */
const BOOKING: readonly [Name, number, number][] = [
  ["hold_minutes", 2, 60],
  ["hold_extensions", 0, 10],
  ["late_after_minutes", 0, 10_080],
  ["move_until_minutes", 0, 10_080],
  ["overbook_limit", 0, 10],
  ["max_live", 1, 50],
  ["unscheduled_percent", 0, 100],
  ["call_under_minutes", 0, 1440],
];
const MISSES: readonly [Name, number, number][] = [
  ["misses_allowed", 1, 20],
  ["misses_within_months", 1, 36],
  ["misses_block_months", 0, 24],
];
const WAITING: readonly [Name, number, number][] = [
  ["offers_per_entry", 0, 10],
  ["offer_far_minutes", 5, 2880],
  ["offer_near_minutes", 5, 1440],
  ["offer_soon_minutes", 5, 720],
  ["offer_until_minutes", 0, 2880],
];

/** How the centre works: its number, and the figures that booking, messages and the waiting list follow. */
export default function OrganisationScreen(_: ChapterProps) {
  const all = useWords(setupWords);
  const words = useWords(centreWords);
  const client = useQueryClient();
  const id = useSession().session.context?.organisation_id ?? "";
  const path = { organisation_id: id };
  const key = ["appointments", "organisation", id, "whole"];
  const read = (): Promise<Organisation> =>
    body(api.GET("/api/appointments/v1/organisations/{organisation_id}", { params: { path } }));
  const found = useList(key, read);
  const groups = useGroups();
  return (
    <>
      <Title>{all.organisation}</Title>
      <p className="muted records-intro">{words.organisationIntro}</p>
      <Read of={found}>
        {(row) => (
          <section className="panel stack">
            <RecordForm
              name="organisation"
              title={row.name}
              groups={groups}
              row={row}
              values={(each) => ({ ...each })}
              blank={{}}
              save={(values, act_, version) =>
                body(
                  api.PUT("/api/appointments/v1/organisations/{organisation_id}", {
                    params: { path },
                    body: organisationIn(values),
                    headers: act(act_, version),
                  }),
                )
              }
              again={read}
              onSaved={() => void client.invalidateQueries({ queryKey: ["appointments", "organisation"] })}
              onClose={() => {}}
            />
          </section>
        )}
      </Read>
    </>
  );
}

/** A parameter that is left out would go back to its default: all that was read is sent. */
function organisationIn(values: Values): OrganisationIn {
  const { phone, finess_legal, holiday_zone, timezone, parameters } = values as unknown as OrganisationIn;
  return { phone, finess_legal, holiday_zone, timezone, parameters } as OrganisationIn;
}

function useGroups(): readonly Group[] {
  const words = useWords(centreWords);
  const figures = (all: readonly [Name, number, number][]): Group["fields"] =>
    all.map(([name, min, max]) => ({
      kind: "number",
      name: `parameters.${name}`,
      label: words.parameters[name],
      min,
      max,
      required: true,
    }));
  return [
    {
      legend: words.identity,
      fields: [
        { kind: "tel", name: "phone", label: words.phone },
        { kind: "text", name: "finess_legal", label: words.finessLegal, max: 9 },
        {
          kind: "choice",
          name: "holiday_zone",
          label: words.holidayZone,
          options: [
            { value: "FR", label: words.holidayZones.FR },
            { value: "FR-AM", label: words.holidayZones["FR-AM"] },
          ],
        },
      ],
    },
    { legend: words.booking, fields: figures(BOOKING) },
    {
      legend: words.quiet,
      fields: [
        { kind: "time", name: "parameters.quiet_from", label: words.parameters.quiet_from, required: true },
        { kind: "time", name: "parameters.quiet_to", label: words.parameters.quiet_to, required: true },
      ],
    },
    { legend: words.missesOf, fields: figures(MISSES) },
    { legend: words.waitingOf, fields: figures(WAITING) },
  ];
}
