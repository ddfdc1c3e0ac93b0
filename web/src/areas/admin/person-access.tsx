import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { Invited } from "./invite";
import { PERSONS, type Person } from "./queries";
import { Secret } from "./secret";
import { adminWords } from "./words";

const WHY = ["left", "misuse", "lost_device", "mistake", "other"] as const;
const WHY_NOW = ["provider_down", "lost_device", "forgotten_card", "other"] as const;
type Act = "suspend" | "reinstate" | "close" | "reset-second-factor";
type Asked = Act | "temporary" | "badge" | "withdraw" | null;

/** How the person comes in, and how that is stopped; each act asks why and is in the audit. */
export function PersonAccess({ person }: { readonly person: Person }) {
  const words = useWords(adminWords);
  const { session } = useSession();
  const client = useQueryClient();
  const [asked, ask] = useState<Asked>(null);
  const close = () => {
    ask(null);
    void client.invalidateQueries({ queryKey: PERSONS });
  };
  const invite = useCommand((_: null) =>
    body(api.POST("/api/gateway/v1/persons/{id}/invite", { params: { path: { id: person.id } } })),
  );
  const own = session.person?.id === person.id;
  const { status } = person;
  return (
    <section className="panel stack">
      <h2>{words.access}</h2>
      <RefusalStrip refusal={invite.refusal} />
      <div className="row">
        {status === "invited" ? (
          <Button kind="primary" busy={invite.pending} onClick={() => void invite.run(null)}>
            {words.inviteAgain}
          </Button>
        ) : null}
        {status === "suspended" ? (
          <Button kind="primary" onClick={() => ask("reinstate")}>
            {words.reinstate}
          </Button>
        ) : null}
        {status === "active" ? (
          <>
            <Button onClick={() => ask("temporary")}>{words.temporary}</Button>
            <Button onClick={() => ask("badge")}>{words.giveBadge}</Button>
            <Button onClick={() => ask("withdraw")}>{words.withdrawBadge}</Button>
            {own ? null : (
              <>
                <Button onClick={() => ask("reset-second-factor")}>{words.reset}</Button>
                <Button kind="danger" onClick={() => ask("suspend")}>
                  {words.suspend}
                </Button>
              </>
            )}
          </>
        ) : null}
        {status !== "closed" && !own ? (
          <Button kind="danger" onClick={() => ask("close")}>
            {words.close}
          </Button>
        ) : null}
      </div>
      {invite.done ? <Invited person={invite.done} onClose={invite.renew} /> : null}
      {asked === "temporary" ? <Temporary person={person} onClose={close} /> : null}
      {asked === "badge" ? <GiveBadge person={person} onClose={close} /> : null}
      {asked === "withdraw" ? <WithdrawBadge person={person} onClose={close} /> : null}
      {asked && asked !== "temporary" && asked !== "badge" && asked !== "withdraw" ? (
        <Because person={person} act={asked} onClose={close} />
      ) : null}
    </section>
  );
}

interface Asking {
  readonly person: Person;
  readonly onClose: () => void;
}

/** A change of state with its reason. */
function Because({ person, act, onClose }: Asking & { readonly act: Act }) {
  const words = useWords(adminWords);
  const say = useToast();
  const text = {
    suspend: [words.suspend, words.suspendText],
    reinstate: [words.reinstate, words.reinstateText],
    close: [words.close, words.closeText],
    "reset-second-factor": [words.reset, words.resetText],
  }[act] as [string, string];
  const run = useCommand(
    (reason: (typeof WHY)[number]) =>
      body(
        api.POST(`/api/gateway/v1/persons/{id}/${act}`, {
          params: { path: { id: person.id } },
          body: { reason },
        }),
      ),
    () => {
      say(words.changed);
      onClose();
    },
  );
  return (
    <Dialog title={`${text[0]} : ${person.display_name}`} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run.run(String(new FormData(event.currentTarget).get("reason")) as (typeof WHY)[number]);
        }}
      >
        <p>{text[1]}</p>
        <RefusalStrip refusal={run.refusal} />
        <ReasonSelect codes={WHY} />
        <div className="foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind={act === "reinstate" ? "primary" : "danger"} type="submit" busy={run.pending}>
            {text[0]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function ReasonSelect({ codes }: { readonly codes: readonly string[] }) {
  const words = useWords(adminWords);
  return (
    <SelectField label={words.why} name="reason" required>
      {codes.map((code) => (
        <option key={code} value={code}>
          {words.reasonName(code)}
        </option>
      ))}
    </SelectField>
  );
}

/** Eight hours at most without password and second factor. */
function Temporary({ person, onClose }: Asking) {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const give = useCommand((form: FormData) =>
    body(
      api.POST("/api/gateway/v1/persons/{id}/temporary-access", {
        params: { path: { id: person.id } },
        body: {
          hours: Number(form.get("hours")),
          reason: String(form.get("reason")) as (typeof WHY_NOW)[number],
        },
      }),
    ),
  );
  if (give.done) {
    return (
      <Secret
        title={words.temporary}
        text={words.temporaryCode(dayAndTime(give.done.valid_to, language))}
        secret={give.done.code}
        onDone={onClose}
      />
    );
  }
  return (
    <Dialog title={words.temporary} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void give.run(new FormData(event.currentTarget));
        }}
      >
        <p>{words.temporaryText}</p>
        <RefusalStrip refusal={give.refusal} />
        <TextField label={words.hours} name="hours" type="number" min={1} max={8} defaultValue={8} required />
        <ReasonSelect codes={WHY_NOW} />
        <div className="foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={give.pending}>
            {words.temporary}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A badge for shared posts; the code to choose its PIN is shown once. */
function GiveBadge({ person, onClose }: Asking) {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const give = useCommand((badge: string) =>
    body(
      api.POST("/api/gateway/v1/persons/{id}/badge", {
        params: { path: { id: person.id } },
        body: { badge },
      }),
    ),
  );
  if (give.done) {
    return (
      <Secret
        title={words.giveBadge}
        text={words.badgeCode(dayAndTime(give.done.code_expires_at, language))}
        secret={give.done.code}
        onDone={onClose}
      />
    );
  }
  return (
    <Dialog title={words.giveBadge} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void give.run(String(new FormData(event.currentTarget).get("badge")));
        }}
      >
        <RefusalStrip refusal={give.refusal} />
        <TextField
          label={words.badgeNumber}
          hint={words.badgeHint}
          name="badge"
          autoComplete="off"
          fault={faultAt(give.refusal, "/badge")}
          required
        />
        <div className="foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={give.pending}>
            {words.giveBadge}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function WithdrawBadge({ person, onClose }: Asking) {
  const words = useWords(adminWords);
  const say = useToast();
  const withdraw = useCommand(
    (_: null) =>
      body(api.DELETE("/api/gateway/v1/persons/{id}/badge", { params: { path: { id: person.id } } })),
    () => {
      say(words.badgeWithdrawn);
      onClose();
    },
  );
  return (
    <Dialog
      title={words.withdrawBadge}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" busy={withdraw.pending} onClick={() => void withdraw.run(null)}>
            {words.withdrawBadge}
          </Button>
        </>
      }
    >
      <p>{words.withdrawBadgeText}</p>
      <RefusalStrip refusal={withdraw.refusal} />
    </Dialog>
  );
}
