import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, body, newKey, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { Refusal } from "../../../api/refusal";
import { useSession } from "../../../api/session";
import type { Draft } from "../../../records/drafts";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { faultAt, TextField } from "../../../ui/field";
import { RefusalStrip, Strip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { shortDay } from "../../../words/time";
import { setupWords } from "../words";
import { Breaches, OutsideVisits } from "./consequences";
import type { Rule } from "./preview";
import { readSchedule } from "./schedule";
import type { Schedule } from "./shared";
import { TwoSchedules } from "./two-schedules";
import { hoursWords } from "./words";

type Told = Schema<"appointments.RulesOut">;
const PAUSE_MS = 400;

interface Props {
  readonly schedule: Schedule;
  readonly form: Draft<readonly Rule[]>;
  readonly onSaved: () => void;
}

/** What the new windows would do, told by the service before anything is saved, and the act of saving them. */
export function SavePanel({ schedule, form, onSaved }: Props) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const { session } = useSession();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [theirs, setTheirs] = useState<Schedule | null>(null);
  const check = useDryRun(schedule, form);
  const send = useCommand(
    ({ rules, version }: { rules: readonly Rule[]; version: number }, key) =>
      put(schedule.id, rules, version, key, reason),
    (told) => {
      form.restart(form.draft, told.version);
      setTheirs(null);
      setReason("");
      toast(words.saved);
      onSaved();
    },
  );
  const compare = async () => setTheirs(await readSchedule(schedule.id));
  const stale = send.refusal?.status === 412 || (form.dirty && schedule.version !== form.version);
  const breaches = check.told?.breaches ?? [];
  const manager = session.context?.role === "manager";
  const blocked = !form.dirty
    ? words.noChange
    : check.busy
      ? words.checking
      : breaches.length > 0 && reason.trim() === ""
        ? words.overrideNeeded
        : undefined;
  return (
    <section className="panel stack" aria-label={words.changes}>
      <h2>{words.changes}</h2>
      {form.found ? <Strip state="info">{all.foundDraft}</Strip> : null}
      {stale ? (
        <Strip state="warn" role="alert" acts={<Button onClick={() => void compare()}>{all.seeBoth}</Button>}>
          {words.overtaken}
        </Strip>
      ) : null}
      {form.dirty && check.told ? <Consequences told={check.told} /> : null}
      {form.dirty ? <RefusalStrip refusal={check.refusal} /> : null}
      {breaches.length > 0 && form.dirty && manager ? (
        <TextField
          label={words.override}
          hint={words.overrideHint}
          value={reason}
          maxLength={200}
          fault={faultAt(send.refusal, "/override_reason")}
          onChange={(event) => setReason(event.target.value)}
        />
      ) : null}
      <RefusalStrip refusal={stale ? null : send.refusal} />
      <div className="row">
        <Button
          kind="primary"
          busy={send.pending}
          blocked={blocked}
          onClick={() => void send.run({ rules: form.draft, version: form.version })}
        >
          {words.save}
        </Button>
        {form.dirty ? (
          <Button
            onClick={() => {
              form.restart(schedule.rules, schedule.version);
              send.renew();
            }}
          >
            {words.giveUp}
          </Button>
        ) : null}
      </div>
      {theirs ? (
        <TwoSchedules
          mine={form.draft}
          theirs={theirs.rules}
          onMine={() => {
            const rules = form.draft;
            form.restart(theirs.rules, theirs.version, rules);
            setTheirs(null);
            void send.run({ rules, version: theirs.version });
          }}
          onTheirs={() => {
            form.restart(theirs.rules, theirs.version);
            send.renew();
            setTheirs(null);
            onSaved();
          }}
          onClose={() => setTheirs(null)}
        />
      ) : null}
    </section>
  );
}

function put(id: string, rules: readonly Rule[], version: number, key: string, reason = "", dry_run = false) {
  return body(
    api.PUT("/api/appointments/v1/schedules/{schedule_id}/rules", {
      params: { path: { schedule_id: id }, query: { dry_run } },
      body: { rules: [...rules], override_reason: reason.trim() || null },
      headers: act(key, version),
    }),
  );
}

/** Asks the service what would follow, a moment after the last change. */
function useDryRun(schedule: Schedule, form: Draft<readonly Rule[]>) {
  const [asked, setAsked] = useState(form.draft);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(form.draft), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [form.draft]);
  const query = useQuery<Told>({
    queryKey: ["appointments", "schedule", schedule.id, "dry-run", schedule.version, asked],
    queryFn: () => put(schedule.id, asked, schedule.version, newKey(), "", true),
    enabled: form.dirty && asked === form.draft,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  return {
    told: query.data ?? null,
    busy: asked !== form.draft || query.isFetching,
    refusal: query.error instanceof Refusal ? query.error : null,
  };
}

function Consequences({ told }: { readonly told: Told }) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  return (
    <div className="stack" role="status">
      <OutsideVisits outside={told.outside} />
      {told.warnings
        .filter((each) => each.code !== "WORKING_TIME_RULE")
        .map((each) => (
          <Strip key={each.code + each.pointer} state="warn">
            {words.warnings[each.code]}
          </Strip>
        ))}
      <Breaches breaches={told.breaches} />
      <p className="small muted">
        {told.minutes
          .map((each) => `${shortDay(each.week, language)} ${words.opens(each.minutes)}`)
          .join(" · ")}
      </p>
    </div>
  );
}
