import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useCompositions, useSets, useSites } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextArea, TextField } from "../../ui/field";
import { Read, RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, instantAt, now, today } from "../../words/time";
import { hospitalWords } from "./words";

type Asked = Pick<Schema<"cooperation.UrgentIn">, "composition" | "site_id" | "needed_at">;

/** A set sooner than it would come: what can be promised and whom it makes wait is shown before it is asked. */
export function AskUrgently({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(hospitalWords);
  const { session } = useSession();
  const say = useToast();
  const { data: all = [] } = useSites();
  const { data: compositions = [] } = useCompositions();
  const sites = all.filter((site) => site.organisation_id === session.context?.organisation_id);
  const [code, setCode] = useState("");
  const [siteId, setSite] = useState("");
  const [day, setDay] = useState(today());
  const [hour, setHour] = useState("18:00");
  const chosen = compositions.find((each) => each.code === code) ?? compositions[0];
  const site = sites.find((each) => each.id === siteId) ?? sites[0];
  const asked: Asked | null =
    chosen && site && day && hour
      ? { composition: chosen.code, site_id: site.id, needed_at: instantAt(day, hour) }
      : null;
  const command = useCommand(
    (sent: Schema<"cooperation.UrgentIn">, key) =>
      body(
        api.POST("/api/cooperation/v1/urgent_requests", { body: sent, headers: { "Idempotency-Key": key } }),
      ),
    () => {
      say(words.sent);
      onClose();
    },
  );
  return (
    <Dialog title={words.ask} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const reason = String(new FormData(event.currentTarget).get("reason")).trim();
          if (asked) void command.run({ ...asked, reason });
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        <SelectField
          label={words.composition}
          value={chosen?.code ?? ""}
          onChange={(event) => setCode(event.target.value)}
          fault={faultAt(command.refusal, "/composition")}
        >
          {compositions.map((each) => (
            <option key={each.id} value={each.code}>
              {each.name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.site}
          value={site?.id ?? ""}
          onChange={(event) => setSite(event.target.value)}
        >
          {sites.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </SelectField>
        <div className="hospital-pair">
          <TextField
            label={words.neededDay}
            type="date"
            required
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
          <TextField
            label={words.neededHour}
            type="time"
            required
            value={hour}
            onChange={(event) => setHour(event.target.value)}
            fault={faultAt(command.refusal, "/needed_at")}
          />
        </div>
        <section aria-label={words.foresee} aria-live="polite">
          {asked ? <Foreseen asked={asked} /> : null}
        </section>
        <TextArea
          label={words.reason}
          hint={words.reasonHint}
          name="reason"
          required
          maxLength={1000}
          fault={faultAt(command.refusal, "/reason")}
        />
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.send}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the plant would answer at this instant, asked without asking. */
function Foreseen({ asked }: { readonly asked: Asked }) {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { data: sets = [] } = useSets();
  const past = asked.needed_at <= now().toISOString();
  const query = useQuery({
    queryKey: ["cooperation", "urgent_foreseen", asked.composition, asked.site_id, asked.needed_at],
    queryFn: () =>
      body(
        api.POST("/api/cooperation/v1/urgent_requests", {
          params: { query: { dry_run: true } },
          body: { ...asked, reason: words.foresee },
        }),
      ),
    enabled: !past,
    staleTime: 15_000,
  });
  if (past) return <Strip state="warn">{words.isPast}</Strip>;
  return (
    <Read of={query} lines={2}>
      {({ p50, p90, needed_at: needed, delayed }) => {
        if (!p50 || !p90) return <Strip state="danger">{words.impossible}</Strip>;
        const state = p90 <= needed ? "ok" : p50 <= needed ? "warn" : "danger";
        const said = { ok: words.canPromise, warn: words.maybe, danger: words.tooLate }[state];
        const passed = delayed.map(({ set_id }) => sets.find((set) => set.id === set_id)?.name ?? words.set);
        return (
          <Strip state={state}>
            <strong>{said}</strong>
            <p>{words.proposal(dayAndTime(p50, language), dayAndTime(p90, language))}</p>
            <p>{passed.length === 0 ? words.delaysNone : words.delays(passed.join(", "))}</p>
          </Strip>
        );
      }}
    </Read>
  );
}
