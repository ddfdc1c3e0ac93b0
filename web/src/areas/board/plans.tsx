import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { usePlaces } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextArea, TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, instantAt, now, today, zoned } from "../../words/time";
import { usePlans } from "./plan";
import { boardWords } from "./words";

/** Who sterilises when the plant cannot: opened once the health agency is told, ended when the plant works again. */
export function Plans() {
  const words = useWords(boardWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const query = usePlans();
  const [opening, open] = useState(false);
  const [ending, end] = useState<string | null>(null);
  const writes = may("cooperation:setup.write");
  const done = () => {
    open(false);
    end(null);
    void query.refetch();
  };
  const button = writes ? <Button onClick={() => open(true)}>{words.openPlan}</Button> : null;
  return (
    <>
      <Read of={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty acts={button}>{words.noPlan}</Empty>
          ) : (
            <>
              {items.some((plan) => plan.state === "active") ? null : <div>{button}</div>}
              <DataTable
                caption={words.plans}
                captionHidden
                rows={items}
                keyOf={(plan) => plan.id}
                columns={[
                  { id: "provider", head: words.provider, cell: (plan) => plan.provider_name },
                  {
                    id: "state",
                    head: words.state,
                    cell: (plan) =>
                      plan.state === "active" ? (
                        <Badge state="warn">{words.active}</Badge>
                      ) : (
                        <Badge>{words.ended}</Badge>
                      ),
                  },
                  { id: "opened", head: words.opened, cell: (plan) => dateOnly(plan.created_at, language) },
                  { id: "until", head: words.until, cell: (plan) => dateOnly(plan.planned_until, language) },
                  { id: "notice", head: words.notice, cell: (plan) => plan.ars_notice_ref },
                  { id: "reason", head: words.reason, cell: (plan) => plan.reason },
                  {
                    id: "acts",
                    head: words.acts,
                    cell: (plan) =>
                      writes && plan.state === "active" ? (
                        <Button kind="primary" onClick={() => end(plan.id)}>
                          {words.endPlan}
                        </Button>
                      ) : null,
                  },
                ]}
              />
            </>
          )
        }
      </Read>
      {opening ? <OpenPlan onDone={done} onClose={() => open(false)} /> : null}
      {ending ? <EndPlan id={ending} onDone={done} onClose={() => end(null)} /> : null}
    </>
  );
}

interface DialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function OpenPlan({ onDone, onClose }: DialogProps) {
  const words = useWords(boardWords);
  const say = useToast();
  const { data: places = [] } = usePlaces();
  const outside = places.filter((place) => place.kind === "outside");
  const at = zoned(now());
  const hour = `${String(at.hour).padStart(2, "0")}:${String(at.minute).padStart(2, "0")}`;
  const command = useCommand(
    (sent: Schema<"cooperation.PlanIn">, key) =>
      body(
        api.POST("/api/cooperation/v1/continuity_plans", { body: sent, headers: { "Idempotency-Key": key } }),
      ),
    () => {
      say(words.planOpened);
      onDone();
    },
  );
  const fault = (pointer: string) => faultAt(command.refusal, pointer);
  return (
    <Dialog title={words.openPlan} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const text = (name: string) => String(form.get(name) ?? "").trim();
          if (outside.length === 0) return;
          void command.run({
            provider: { name: text("name"), place_id: text("place") },
            authorisation: text("authorisation"),
            reason: text("reason"),
            planned_days: Number(text("days")),
            ars_notice_ref: text("notice"),
            ars_told_at: instantAt(text("day"), text("hour")),
          });
        }}
      >
        <p>{words.openPlanSays}</p>
        <RefusalStrip refusal={command.refusal} />
        <TextField
          label={words.provider}
          name="name"
          required
          maxLength={120}
          fault={fault("/provider/name")}
        />
        <SelectField label={words.place} name="place" fault={fault("/provider/place_id")}>
          {outside.map((place) => (
            <option key={place.id} value={place.id}>
              {place.name}
            </option>
          ))}
        </SelectField>
        <TextField
          label={words.authorisation}
          name="authorisation"
          required
          maxLength={120}
          fault={fault("/authorisation")}
        />
        <TextArea label={words.reason} name="reason" required maxLength={1000} fault={fault("/reason")} />
        <TextField
          label={words.days}
          name="days"
          type="number"
          min={1}
          max={366}
          required
          defaultValue={5}
          fault={fault("/planned_days")}
        />
        <TextField
          label={words.notice}
          name="notice"
          required
          maxLength={120}
          fault={fault("/ars_notice_ref")}
        />
        <div className="board-pair">
          <TextField label={words.toldDay} name="day" type="date" required defaultValue={today()} />
          <TextField
            label={words.toldHour}
            name="hour"
            type="time"
            required
            defaultValue={hour}
            fault={fault("/ars_told_at")}
          />
        </div>
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            kind="primary"
            type="submit"
            busy={command.pending}
            blocked={outside.length === 0 ? words.noPlace : undefined}
          >
            {words.openIt}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function EndPlan({ id, onDone, onClose }: DialogProps & { readonly id: string }) {
  const words = useWords(boardWords);
  const say = useToast();
  const command = useCommand(
    (plan: string, key) =>
      body(
        api.POST("/api/cooperation/v1/continuity_plans/{plan_id}/end", {
          params: { path: { plan_id: plan } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.planEnded);
      onDone();
    },
  );
  return (
    <Dialog
      title={words.endPlanTitle}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" busy={command.pending} onClick={() => void command.run(id)}>
            {words.endPlan}
          </Button>
        </>
      }
    >
      <p>{words.endPlanSays}</p>
      <RefusalStrip refusal={command.refusal} />
    </Dialog>
  );
}
