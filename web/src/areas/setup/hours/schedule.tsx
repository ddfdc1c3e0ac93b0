import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, body } from "../../../api/client";
import { useDraft } from "../../../records/drafts";
import { useList } from "../../../records/read";
import { sameValue } from "../../../records/values";
import { Read } from "../../../ui/state";
import { Title } from "../../../ui/title";
import { useWords } from "../../../words/language";
import { usePractitioners, useSites } from "../centre/shared";
import { setupWords } from "../words";
import { Exceptions } from "./exceptions";
import type { Rule } from "./preview";
import { PreviewTable } from "./preview-table";
import { Rules } from "./rules";
import { SavePanel } from "./save";
import { type Schedule, scheduleKey } from "./shared";
import { hoursWords } from "./words";

/** One practitioner's hours at one site: the windows, eight weeks of what they open, and what a change would do. */
export function ScheduleScreen({ id }: { readonly id: string }) {
  const all = useWords(setupWords);
  const words = useWords(hoursWords);
  const list = useList(scheduleKey(id), () => readSchedule(id));
  return (
    <>
      <p>
        <Link href="/setup/schedules">{words.back}</Link>
      </p>
      {list.data ? null : <Title>{all.schedules}</Title>}
      <Read of={list}>{(schedule) => <Editor schedule={schedule} />}</Read>
    </>
  );
}

export const readSchedule = (id: string): Promise<Schedule> =>
  body(api.GET("/api/appointments/v1/schedules/{schedule_id}", { params: { path: { schedule_id: id } } }));

function Editor({ schedule }: { readonly schedule: Schedule }) {
  const words = useWords(hoursWords);
  const client = useQueryClient();
  const who = usePractitioners().data?.find((each) => each.id === schedule.practitioner_id);
  const site = useSites().data?.find((each) => each.id === schedule.site_id);
  const form = useDraft<readonly Rule[]>(
    `schedule/${schedule.id}`,
    schedule.rules,
    schedule.version,
    sameValue,
  );
  const [shown, show] = useState(0);
  return (
    <>
      <Title>{words.scheduleOf(who?.display_name ?? "", site?.name ?? "")}</Title>
      <Rules
        rules={form.draft}
        siteId={schedule.site_id}
        profession={who?.profession}
        onChange={(rules) => form.set(() => rules)}
      />
      <PreviewTable schedule={schedule} before={form.began} after={form.draft} dirty={form.dirty} />
      <SavePanel
        key={shown}
        schedule={schedule}
        form={form}
        onSaved={async () => {
          await client.invalidateQueries({ queryKey: scheduleKey(schedule.id) });
          show(shown + 1);
        }}
      />
      <Exceptions schedule={schedule} />
    </>
  );
}
