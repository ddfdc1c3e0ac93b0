import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { fold } from "../../../records/noun";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { SelectField, TextField } from "../../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { Title } from "../../../ui/title";
import { useWords } from "../../../words/language";
import { type Practitioner, type Site, useSites } from "../centre/shared";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { ScheduleScreen } from "./schedule";
import { SCHEDULES, type ScheduleItem, useOwnPeople, useSchedules } from "./shared";
import { hoursWords } from "./words";

const OF = "of-";

/** Schedules: the list (of all, or of one practitioner), and the one that is open. */
export default function Schedules({ id }: ChapterProps) {
  if (id && !id.startsWith(OF)) return <ScheduleScreen key={id} id={id} />;
  return <ScheduleList practitionerId={id?.slice(OF.length)} />;
}

function ScheduleList({ practitionerId }: { readonly practitionerId?: string | undefined }) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const { people, loaded } = useOwnPeople();
  const sites = useSites().data ?? [];
  const list = useSchedules();
  const [wanted, setWanted] = useState("");
  const nameOf = (row: ScheduleItem) =>
    people.find((each) => each.id === row.practitioner_id)?.display_name ?? "";
  const siteOf = (row: ScheduleItem) => sites.find((each) => each.id === row.site_id)?.name ?? "";
  return (
    <>
      <Title>{all.schedules}</Title>
      <p className="muted records-intro">{words.schedulesIntro}</p>
      {practitionerId ? <Link href="/setup/schedules">{words.allSchedules}</Link> : null}
      <Read of={loaded ? list : { ...list, data: undefined }}>
        {(rows) => {
          const mine = rows
            .filter((row) => people.some((each) => each.id === row.practitioner_id))
            .filter((row) => !practitionerId || row.practitioner_id === practitionerId)
            .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
          const shown = mine.filter((row) => fold(`${nameOf(row)} ${siteOf(row)}`).includes(fold(wanted)));
          return (
            <div className="stack">
              {mine.length > 10 ? (
                <div className="records-line">
                  <TextField
                    label={all.filter}
                    type="search"
                    value={wanted}
                    onChange={(event) => setWanted(event.target.value)}
                  />
                </div>
              ) : null}
              {mine.length === 0 ? (
                <Empty>{words.noSchedule}</Empty>
              ) : (
                <DataTable
                  caption={all.schedules}
                  captionHidden
                  rows={shown}
                  keyOf={(row) => row.id}
                  columns={[
                    {
                      id: "who",
                      head: words.practitioner,
                      cell: (row) => <Link href={`/setup/schedules/${row.id}`}>{nameOf(row)}</Link>,
                    },
                    { id: "where", head: words.site, cell: siteOf },
                    {
                      id: "state",
                      head: all.state,
                      cell: (row) => (row.active ? null : <Badge>{words.closedSchedule}</Badge>),
                    },
                  ]}
                />
              )}
              <OpenSchedule people={people} sites={sites} practitionerId={practitionerId} />
            </div>
          );
        }}
      </Read>
    </>
  );
}

interface OpenProps {
  readonly people: readonly Practitioner[];
  readonly sites: readonly Site[];
  readonly practitionerId?: string | undefined;
}

function OpenSchedule({ people, sites, practitionerId }: OpenProps) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const client = useQueryClient();
  const [, go] = useLocation();
  const [who, setWho] = useState(practitionerId ?? "");
  const [where, setWhere] = useState("");
  const open = useCommand(
    (_: undefined, key) =>
      body(
        api.POST("/api/appointments/v1/schedules", {
          body: { practitioner_id: who, site_id: where },
          headers: act(key),
        }),
      ),
    async (made) => {
      await client.invalidateQueries({ queryKey: SCHEDULES });
      go(`/setup/schedules/${made.id}`);
    },
  );
  return (
    <details className="panel">
      <summary>{words.openSchedule}</summary>
      <div className="stack">
        <div className="records-line">
          <SelectField
            label={words.practitioner}
            value={who}
            onChange={(event) => setWho(event.target.value)}
          >
            <option value="">{all.choose}</option>
            {people
              .filter((each) => each.active)
              .map((each) => (
                <option key={each.id} value={each.id}>
                  {each.display_name}
                </option>
              ))}
          </SelectField>
          <SelectField label={words.site} value={where} onChange={(event) => setWhere(event.target.value)}>
            <option value="">{all.choose}</option>
            {sites
              .filter((each) => each.active)
              .map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
          </SelectField>
          <Button
            kind="primary"
            busy={open.pending}
            blocked={who && where ? undefined : all.chooseBoth}
            onClick={() => void open.run(undefined)}
          >
            {words.create}
          </Button>
        </div>
        <RefusalStrip
          refusal={open.refusal}
          acts={
            typeof open.refusal?.more.schedule_id === "string" ? (
              <Link href={`/setup/schedules/${open.refusal.more.schedule_id}`}>{words.ruleTitle}</Link>
            ) : null
          }
        />
      </div>
    </details>
  );
}
