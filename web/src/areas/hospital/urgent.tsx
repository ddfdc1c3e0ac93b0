import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useCompositions, useSets, useSites } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextArea, TextField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, instantAt, today } from "../../words/time";
import { usePromises } from "./where";
import { hospitalWords } from "./words";

/** A set sooner than it would come: what would come anyhow is shown before the request is sent. */
export function AskUrgently({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const say = useToast();
  const { data: all = [] } = useSites();
  const { data: compositions = [] } = useCompositions();
  const { data: sets = [] } = useSets();
  const { data: promises } = usePromises();
  const sites = all.filter((site) => site.organisation_id === session.context?.organisation_id);
  const [code, setCode] = useState("");
  const chosen = compositions.find((each) => each.code === code) ?? compositions[0];
  const first = (promises?.items ?? [])
    .filter((each) => sets.find((set) => set.id === each.set_id)?.composition_id === chosen?.id)
    .toSorted((a, b) => a.p90.localeCompare(b.p90))[0];
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
          const form = new FormData(event.currentTarget);
          void command.run({
            composition: chosen?.code ?? "",
            site_id: String(form.get("site")),
            needed_at: instantAt(String(form.get("day")), String(form.get("hour"))),
            reason: String(form.get("reason")).trim(),
          });
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        <SelectField
          label={words.composition}
          value={chosen?.code ?? ""}
          onChange={(event) => setCode(event.target.value)}
        >
          {compositions.map((each) => (
            <option key={each.id} value={each.code}>
              {each.name}
            </option>
          ))}
        </SelectField>
        <Strip state="info" role="status">
          {first
            ? `${words.estimate} ${words.proposal(dayAndTime(first.p50, language), dayAndTime(first.p90, language))}`
            : words.noEstimate}
        </Strip>
        <SelectField label={words.site} name="site">
          {sites.map((site) => (
            <option key={site.id} value={site.id}>
              {site.name}
            </option>
          ))}
        </SelectField>
        <TextField label={words.day} name="day" type="date" required defaultValue={today()} />
        <TextField
          label={words.hour}
          name="hour"
          type="time"
          required
          defaultValue="18:00"
          fault={faultAt(command.refusal, "/needed_at")}
        />
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
