import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { usePractitioners, useSites } from "../../booking";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { addDays, dayAndTime, instantAt, today } from "../../words/time";
import { readAgenda, type Visit } from "./queries";
import { agendaWords } from "./words";

const LONGEST_DAYS = 31;

/** The visits to come that a closing meets; a week at a time, as the agenda is read. */
async function touchedBy(who: string, site: string, start: string, end: string, signal: AbortSignal) {
  const first = start.slice(0, 10);
  const found: Visit[] = [];
  const step = who ? 7 : 1;
  for (let day = first; day <= end.slice(0, 10); day = addDays(day, step)) {
    const read = await readAgenda({ day, days: step, ...(who ? { practitioner: who } : { site }) }, signal);
    found.push(...read.visits);
  }
  const live = found.filter((each) => each.status === "booked" || each.status === "pending");
  return live.filter(
    (each) => Date.parse(each.start) < Date.parse(end) && Date.parse(each.end) > Date.parse(start),
  );
}

interface Period {
  readonly who: string;
  readonly from: string;
  readonly fromTime: string;
  readonly to: string;
  readonly toTime: string;
}

interface Props {
  readonly what: "absence" | "closure";
  readonly onClose: () => void;
}

/** Who is away or what is closed, from when to when; whom it touches is shown before anything is saved. */
export function Declare({ what, onClose }: Props) {
  const words = useWords(agendaWords);
  const client = useQueryClient();
  const say = useToast();
  const [, go] = useLocation();
  const absence = what === "absence";
  const people = usePractitioners().data ?? [];
  const sites = (useSites().data ?? []).filter((each) => each.active);
  const [period, setPeriod] = useState<Period>({
    who: "",
    from: today(),
    fromTime: "00:00",
    to: today(),
    toTime: "23:59",
  });
  const set = (name: keyof Period) => (event: { target: { value: string } }) =>
    setPeriod((before) => ({ ...before, [name]: event.target.value }));
  const dated = period.from !== "" && period.to !== "" && period.fromTime !== "" && period.toTime !== "";
  const start = dated ? instantAt(period.from, period.fromTime) : "";
  // 23:59 is how one says the whole day: to midnight.
  const whole = period.toTime === "23:59";
  const end = dated
    ? whole
      ? instantAt(addDays(period.to, 1), "00:00")
      : instantAt(period.to, period.toTime)
    : "";
  const ordered = dated && start < end;
  const save = useCommand(
    (kind: string, key: string): Promise<{ readonly id: string; readonly conflicts?: number | null }> => {
      const headers = { "Idempotency-Key": key };
      return absence
        ? body(
            api.POST("/api/appointments/v1/absences", {
              body: { practitioner_id: period.who, start, end, kind: kind as "leave" },
              headers,
            }),
          )
        : body(
            api.POST("/api/appointments/v1/closures", { body: { site_id: period.who, start, end }, headers }),
          );
    },
    (made) => {
      void client.invalidateQueries({ queryKey: ["appointments", absence ? "absences" : "closures"] });
      void client.invalidateQueries({ queryKey: ["appointments", "agenda"] });
      say(words.savedAbsence(made.conflicts ?? 0));
      if ((made.conflicts ?? 0) > 0) void prepare.run(made.id);
      else onClose();
    },
  );
  const prepare = useCommand(
    (id: string, key: string) =>
      body(
        api.POST("/api/appointments/v1/campaigns", {
          body: { cause: what, cause_id: id, send: false },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (made) => go(`/agenda/campaigns/${made.id}`),
  );
  return (
    <Dialog title={absence ? words.declare : words.closeSite} onClose={onClose} wide>
      <form
        className="stack"
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          if (ordered) void save.run(String(new FormData(event.currentTarget).get("kind")));
        }}
      >
        <div className="agenda-fields">
          <SelectField
            label={absence ? words.practitioner : words.site}
            required
            value={period.who}
            onChange={set("who")}
            fault={faultAt(save.refusal, absence ? "/practitioner_id" : "/site_id")}
          >
            <option value="">{absence ? words.choosePractitioner : words.site}</option>
            {absence
              ? people.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.display_name}
                  </option>
                ))
              : sites.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.name}
                  </option>
                ))}
          </SelectField>
          {absence ? (
            <SelectField label={words.kind} name="kind" defaultValue="leave">
              {(["leave", "sick", "training", "other"] as const).map((each) => (
                <option key={each} value={each}>
                  {words.kinds[each]}
                </option>
              ))}
            </SelectField>
          ) : null}
        </div>
        <div className="agenda-fields">
          <TextField
            label={words.from}
            type="date"
            required
            value={period.from}
            onChange={set("from")}
            fault={faultAt(save.refusal, "/start")}
          />
          <TextField
            label={words.fromTime}
            type="time"
            required
            value={period.fromTime}
            onChange={set("fromTime")}
          />
          <TextField
            label={words.to}
            type="date"
            required
            value={period.to}
            onChange={set("to")}
            fault={dated && !ordered ? words.endBeforeStart : faultAt(save.refusal, "/end")}
          />
          <TextField
            label={words.toTime}
            type="time"
            required
            value={period.toTime}
            onChange={set("toTime")}
          />
        </div>
        {period.who && ordered ? (
          <Touched who={absence ? period.who : ""} site={absence ? "" : period.who} start={start} end={end} />
        ) : null}
        <RefusalStrip refusal={save.refusal ?? prepare.refusal} />
        <div className="row">
          <Button type="submit" kind={absence ? "primary" : "danger"} busy={save.pending || prepare.pending}>
            {absence ? words.saveAbsence : words.saveClosure}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface TouchedProps {
  readonly who: string;
  readonly site: string;
  readonly start: string;
  readonly end: string;
}

function Touched({ who, site, start, end }: TouchedProps) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const long = Date.parse(end) - Date.parse(start) > LONGEST_DAYS * 86_400_000;
  const touched = useQuery({
    queryKey: ["appointments", "touched", who, site, start, end],
    queryFn: ({ signal }) => touchedBy(who, site, start, end, signal),
    enabled: !long,
  });
  if (long) return <Strip state="info">{words.tooLong}</Strip>;
  if (!touched.data) return <p className="muted">{words.reading}</p>;
  const visits = touched.data;
  return (
    <Strip state={visits.length > 0 ? "warn" : "ok"} role="status">
      <strong>{words.touched(visits.length)}</strong>
      {visits.length > 0 ? (
        <details>
          <summary>{words.see}</summary>
          <ul>
            {visits.map((each) => (
              <li key={each.id}>
                {dayAndTime(each.start, language)}, {each.patient_name}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </Strip>
  );
}
