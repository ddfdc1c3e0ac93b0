import { useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useNames } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextArea } from "../../ui/field";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { useHold } from "./queries";
import { Signatures } from "./recall";
import { recallsWords } from "./words";

type Hold = Schema<"cooperation.HoldOut">;
type Outcome = Schema<"cooperation.SignIn">["outcome"];

/** One hold: everything it reached, how, and where each is now. */
export function HoldFile({ id }: { readonly id: string }) {
  const words = useWords(recallsWords);
  return (
    <div className="stack">
      <p>
        <Link href="/recalls/holds">{words.backHolds}</Link>
      </p>
      <Title>{words.holdTitle}</Title>
      <Read of={useHold(id)}>{(hold) => <Whole hold={hold} />}</Read>
    </div>
  );
}

function Whole({ hold }: { readonly hold: Hold }) {
  const words = useWords(recallsWords);
  const names = useNames();
  const { may } = useSession();
  const [signing, sign] = useState(false);
  return (
    <>
      <section className="panel stack">
        <div className="row">
          <Badge state={hold.state === "active" ? "danger" : "ok"}>{words.holdStates[hold.state]}</Badge>
          <strong>{words.kinds[hold.kind]}</strong> <span>{hold.cause}</span>
        </div>
        <Signatures of={hold.signatures} />
        {hold.state === "active" && may("cooperation:hold.sign") ? (
          <div className="row">
            <Button kind="primary" onClick={() => sign(true)}>
              {words.signEnd}
            </Button>
            <span className="muted">{words.who(hold.kind)}</span>
          </div>
        ) : null}
      </section>
      <DataTable
        caption={words.contacts}
        rows={hold.contacts}
        keyOf={(each) => each.kind + each.id}
        columns={[
          {
            id: "name",
            head: words.pack,
            cell: (each) => (
              <>
                {each.name ?? "–"} <span className="muted small">{words.thing[each.kind]}</span>
              </>
            ),
          },
          {
            id: "contact",
            head: words.contacts,
            cell: (each) => (
              <>
                {words.contact[each.contact]} <span className="mono small">{each.operation_ref}</span>
              </>
            ),
          },
          { id: "member", head: words.member, cell: (each) => names.member(each.organisation_id) },
          {
            id: "place",
            head: words.place,
            cell: (each) =>
              each.place ? `${each.place.names.join(" › ")}, ${names.site(each.place.site_id)}` : "–",
          },
          {
            id: "status",
            head: words.status,
            cell: (each) => (
              <Badge state={each.active ? "danger" : "neutral"}>
                {each.active ? words.active : words.free}
              </Badge>
            ),
          },
        ]}
      />
      {signing ? <SignEnd hold={hold} onClose={() => sign(false)} /> : null}
    </>
  );
}

function SignEnd({ hold, onClose }: { readonly hold: Hold; readonly onClose: () => void }) {
  const words = useWords(recallsWords);
  const say = useToast();
  const command = useCommand(
    (sent: Schema<"cooperation.SignIn">, key) =>
      body(
        api.POST("/api/cooperation/v1/holds/{hold_id}/sign", {
          params: { path: { hold_id: hold.id } },
          body: sent,
          headers: { "Idempotency-Key": key },
        }),
      ),
    (after) => {
      say(after.state === "active" ? words.holdSigned : words.holdEnded);
      onClose();
    },
  );
  return (
    <Dialog title={words.signEnd} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          void command.run({
            outcome: String(form.get("outcome")) as Outcome,
            reason: String(form.get("reason")).trim(),
          });
        }}
      >
        <p>{words.who(hold.kind)}</p>
        <RefusalStrip refusal={command.refusal} />
        <SelectField label={words.outcome} name="outcome">
          {Object.entries(words.outcomes).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextArea
          label={words.reason}
          name="reason"
          required
          maxLength={1000}
          fault={faultAt(command.refusal, "/reason")}
        />
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.sign}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
