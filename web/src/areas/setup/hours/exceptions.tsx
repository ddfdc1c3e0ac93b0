import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { api } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { Badge, Empty, RefusalStrip } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { longDay, today } from "../../../words/time";
import { ExceptionDialog } from "./exception-form";
import type { Exception } from "./preview";
import { hoursText, type Schedule, scheduleKey } from "./shared";
import { hoursWords } from "./words";

/** Single days that differ from the windows: closed, other hours, or opened beside them. */
export function Exceptions({ schedule }: { readonly schedule: Schedule }) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const toast = useToast();
  const [adding, setAdding] = useState(false);
  const rows = schedule.exceptions
    .filter((each) => each.local_date >= today())
    .sort((one, other) => (one.local_date < other.local_date ? -1 : 1));
  const read = () => client.invalidateQueries({ queryKey: scheduleKey(schedule.id) });
  const lift = useCommand(
    async (row: Exception, key) => {
      await api.DELETE("/api/appointments/v1/schedules/{schedule_id}/exceptions/{exception_id}", {
        params: { path: { schedule_id: schedule.id, exception_id: row.id } },
        headers: act(key),
      });
      return row;
    },
    async (gone) => {
      toast(words.exceptionLifted);
      client.setQueryData<Schedule>(
        scheduleKey(schedule.id),
        (before) =>
          before && { ...before, exceptions: before.exceptions.filter((each) => each.id !== gone.id) },
      );
      await read();
    },
  );
  const ruleHours = (id: string | null | undefined) => {
    const rule = schedule.rules.find((each) => each.id === id);
    return rule ? hoursText(rule.local_start, rule.local_end, language) : "";
  };
  const said = (row: Exception) => {
    if (row.action === "remove")
      return row.rule_id ? words.closedOf(ruleHours(row.rule_id)) : words.closedAllDay;
    const hours = row.opening ? hoursText(row.opening.local_start, row.opening.local_end, language) : "";
    const kind = row.opening ? words.kinds[row.opening.kind] : "";
    return row.action === "add"
      ? words.openedBeside(hours, kind)
      : words.changedTo(ruleHours(row.rule_id), hours);
  };
  return (
    <section className="stack">
      <div className="row spread">
        <h2>{words.exceptions}</h2>
        <Button onClick={() => setAdding(true)}>
          <Plus size={16} aria-hidden="true" />
          {words.addException}
        </Button>
      </div>
      <RefusalStrip refusal={lift.refusal} />
      {rows.length === 0 ? (
        <Empty>{words.noException}</Empty>
      ) : (
        <DataTable
          caption={words.exceptions}
          captionHidden
          rows={rows}
          keyOf={(row) => row.id}
          columns={[
            { id: "day", head: words.day, cell: (row) => longDay(row.local_date, language) },
            { id: "what", head: words.action, cell: said },
            {
              id: "source",
              head: words.source,
              cell: (row) => (row.source === "import" ? <Badge>{words.import}</Badge> : words.manual),
            },
            {
              id: "acts",
              head: words.acts,
              cell: (row) => (
                <Button
                  kind="quiet"
                  busy={lift.pending}
                  aria-label={words.liftExceptionOf(longDay(row.local_date, language))}
                  onClick={() => void lift.run(row)}
                >
                  {words.liftException}
                </Button>
              ),
            },
          ]}
        />
      )}
      {adding ? (
        <ExceptionDialog
          schedule={schedule}
          onClose={() => setAdding(false)}
          onSaved={async (conflicts) => {
            setAdding(false);
            toast(words.exceptionSaved(conflicts), conflicts > 0 ? "warn" : "ok");
            await read();
          }}
        />
      ) : null}
    </section>
  );
}
