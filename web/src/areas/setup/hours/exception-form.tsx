import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { api, body, newKey, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { Refusal } from "../../../api/refusal";
import { useSession } from "../../../api/session";
import { Fields } from "../../../records/fields";
import { act } from "../../../records/read";
import { type Group, optionsOf, type Values } from "../../../records/values";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { faultAt, faultsShown, TextField } from "../../../ui/field";
import { RefusalStrip } from "../../../ui/state";
import { useLanguage, useWords } from "../../../words/language";
import { addDays, today } from "../../../words/time";
import { useReasons, useRooms } from "../centre/shared";
import { setupWords } from "../words";
import { Breaches, OutsideVisits } from "./consequences";
import { daysOf, openingOf, type Rule } from "./preview";
import { readSchedule } from "./schedule";
import { hoursText, type Schedule } from "./shared";
import { hoursWords } from "./words";

type Wanted = Schema<"appointments.ExceptionIn">;
const POINTERS = ["/local_date", "/rule_id", "/local_start", "/local_end", "/override_reason"];

interface Props {
  readonly schedule: Schedule;
  readonly onSaved: (conflicts: number) => void;
  readonly onClose: () => void;
}

/** One day that differs: what it would leave outside is told before it is saved. */
export function ExceptionDialog({ schedule, onSaved, onClose }: Props) {
  const words = useWords(hoursWords);
  const { session } = useSession();
  const [values, set] = useState<Values>(() => ({
    local_date: today(),
    action: "remove",
    rule_id: null,
    local_start: "09:00",
    local_end: "12:00",
    kind: "clinic",
    room_id: null,
    modes: ["on_site"],
    reason_ids: [],
  }));
  const [reason, setReason] = useState("");
  const groups = useGroups(schedule, String(values.local_date));
  const wanted = wantedOf(values, schedule.rules);
  const check = useTried(schedule, wanted);
  const send = useCommand(
    async ({ wish, why }: { wish: Wanted; why: string }, key) => {
      // The day is what one decides upon; rules that others have changed meanwhile were judged by the trial.
      const { version } = await readSchedule(schedule.id);
      return post(schedule.id, { ...wish, override_reason: why.trim() || null }, key, version, false);
    },
    (added) => onSaved(added.conflicts),
  );
  const refusal = send.refusal ?? check.refusal;
  const breaches = check.told?.breaches ?? [];
  const blocked =
    wanted === null
      ? words.incomplete
      : check.busy
        ? words.checking
        : breaches.length > 0 && reason.trim() === ""
          ? words.overrideNeeded
          : undefined;
  return (
    <Dialog
      title={words.addException}
      onClose={onClose}
      wide
      foot={
        <Button kind="primary" type="submit" form="setup-exception" busy={send.pending} blocked={blocked}>
          {words.saveException}
        </Button>
      }
    >
      <form
        id="setup-exception"
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted && blocked === undefined) void send.run({ wish: wanted, why: reason });
        }}
      >
        <Fields groups={groups} values={values} onChange={set} refusal={pointed(refusal)} made={false} />
        {breaches.length > 0 && session.context?.role === "manager" ? (
          <TextField
            label={words.override}
            hint={words.overrideHint}
            value={reason}
            maxLength={200}
            fault={faultAt(send.refusal, "/override_reason")}
            onChange={(event) => setReason(event.target.value)}
          />
        ) : null}
        {faultsShown(pointed(refusal), POINTERS) ? null : <RefusalStrip refusal={refusal} />}
        {wanted && check.told && !check.refusal ? (
          <div className="stack" role="status">
            <OutsideVisits outside={check.told.outside ?? []} />
            <Breaches breaches={breaches} />
          </div>
        ) : null}
        <p className="small muted">
          {words.awayHint} <Link href="/setup/absences">{words.toAbsences}</Link>
        </p>
      </form>
    </Dialog>
  );
}

function post(id: string, wish: Wanted, key: string, version: number | undefined, dry_run: boolean) {
  return body(
    api.POST("/api/appointments/v1/schedules/{schedule_id}/exceptions", {
      params: { path: { schedule_id: id }, query: { dry_run } },
      body: wish,
      headers: act(key, version),
    }),
  );
}

/** The service's pointers into `opening` are those of fields that stand at the top here. */
function pointed(refusal: Refusal | null): Refusal | null {
  if (!refusal) return null;
  const errors = refusal.errors.map((each) => ({
    ...each,
    pointer: each.pointer.replace(/^\/opening\//, "/"),
  }));
  const { status, code, title, detail, more, etag, request } = refusal;
  return new Refusal(status, code, title, detail, errors, more, etag, request);
}

/** What is sent, or null while something is still to be chosen. */
function wantedOf(values: Values, rules: readonly Rule[]): Wanted | null {
  const day = String(values.local_date ?? "");
  const rule = rules.find((each) => each.id === values.rule_id);
  if (day.length !== 10) return null;
  switch (values.action) {
    case "remove":
      return { local_date: day, action: "remove" };
    case "removeOne":
      return rule?.id ? { local_date: day, action: "remove", rule_id: rule.id } : null;
    case "change":
      return rule?.id && values.local_start && values.local_end
        ? {
            local_date: day,
            action: "change",
            rule_id: rule.id,
            opening: {
              ...openingOf(rule),
              local_start: String(values.local_start),
              local_end: String(values.local_end),
            },
          }
        : null;
    default:
      return values.local_start && values.local_end
        ? { local_date: day, action: "add", ...added(values) }
        : null;
  }
}

function added(values: Values): Pick<Wanted, "opening"> {
  return {
    opening: {
      kind: values.kind as Rule["kind"],
      local_start: String(values.local_start),
      local_end: String(values.local_end),
      modes: values.modes as Rule["modes"],
      reason_ids: values.reason_ids as string[],
      room_id: values.room_id as string | null,
      audiences: ["public", "secretariat", "partner", "regulator"],
      releases: [],
    },
  };
}

/** Asks the service what would follow, a moment after the last change. */
function useTried(schedule: Schedule, wanted: Wanted | null) {
  const text = wanted ? JSON.stringify(wanted) : "";
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), 400);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({
    queryKey: ["appointments", "schedule", schedule.id, "day-tried", schedule.version, asked],
    queryFn: () => post(schedule.id, JSON.parse(asked) as Wanted, newKey(), undefined, true),
    enabled: asked !== "" && asked === text,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  return {
    told: query.data ?? null,
    busy: asked !== text || query.isFetching,
    refusal: asked === text && query.error instanceof Refusal ? query.error : null,
  };
}

function useGroups(schedule: Schedule, day: string): readonly Group[] {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const rooms = (useRooms().data ?? []).filter((each) => each.site_id === schedule.site_id && each.active);
  const reasons = (useReasons().data ?? []).filter((each) => each.active);
  const ofDay = schedule.rules.filter(
    (rule) => day.length === 10 && daysOf(rule, day, addDays(day, 1))?.length !== 0,
  );
  const one = (values: Values) => values.action === "removeOne" || values.action === "change";
  const timed = (values: Values) => values.action === "change" || values.action === "add";
  const adds = (values: Values) => values.action === "add";
  return [
    {
      legend: words.when,
      fields: [
        { kind: "date", name: "local_date", label: words.day, required: true },
        {
          kind: "choice",
          name: "action",
          label: words.action,
          options: [
            { value: "remove", label: words.actions.remove },
            { value: "removeOne", label: words.removeOne },
            { value: "change", label: words.actions.change },
            { value: "add", label: words.actions.add },
          ],
        },
        {
          kind: "choice",
          name: "rule_id",
          label: words.whichRule,
          none: ofDay.length > 0 ? all.choose : words.noRuleThatDay,
          options: ofDay.flatMap((rule) =>
            rule.id
              ? [
                  {
                    value: rule.id,
                    label: `${hoursText(rule.local_start, rule.local_end, language)}, ${words.kinds[rule.kind]}`,
                  },
                ]
              : [],
          ),
          when: one,
        },
        { kind: "time", name: "local_start", label: words.start, required: true, when: timed },
        {
          kind: "time",
          name: "local_end",
          label: words.end,
          hint: words.endHint,
          required: true,
          when: timed,
        },
        { kind: "choice", name: "kind", label: words.kind, options: optionsOf(words.kinds), when: adds },
        {
          kind: "choice",
          name: "room_id",
          label: words.room,
          none: words.noRoom,
          options: rooms.map((each) => ({ value: each.id, label: each.name })),
          when: adds,
        },
      ],
    },
    {
      legend: words.what,
      folded: true,
      fields: [
        {
          kind: "set",
          name: "modes",
          label: words.modes,
          options: optionsOf(words.modeNames),
          when: adds,
        },
        {
          kind: "set",
          name: "reason_ids",
          label: words.reasons,
          hint: words.reasonsHint,
          options: reasons.map((each) => ({ value: each.id, label: each.label })),
          when: adds,
        },
      ],
    },
  ];
}
