import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { SelectField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { uiWords } from "../../ui/words";
import { useWords } from "../../words/language";
import type { Agent } from "./queries";
import { supervisionWords } from "./words";

export type SeatAct =
  | { readonly kind: "pause" | "ready"; readonly agent: Agent }
  | { readonly kind: "return" | "listen"; readonly agent: Agent; readonly callId: string };

const MINUTES = [15, 30, 60, 120];

/** What a supervisor does to a seat or its call, with why: each is written down. */
export function SeatDialog({ act, onClose }: { readonly act: SeatAct; readonly onClose: () => void }) {
  const words = useWords(supervisionWords);
  const ui = useWords(uiWords);
  const form = useId();
  const client = useQueryClient();
  const say = useToast();
  const command = useCommand(
    (given: FormData, key) => send(act, (name) => String(given.get(name) ?? ""), key),
    () => {
      say(words.done);
      void client.invalidateQueries({ queryKey: ["telesecretariat", "board"] });
      onClose();
    },
  );
  const seat = act.agent.label;
  const [title, verb] = {
    pause: [words.forceTitle(seat), words.forcePause],
    ready: [words.readyTitle(seat), words.forceReady],
    return: [words.returnTitle, words.returnCall],
    listen: [words.listenTitle(seat), words.listen],
  }[act.kind] as [string, string];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void command.run(new FormData(event.currentTarget));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button type="submit" form={form} kind="primary" busy={command.pending}>
            {verb}
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={submit}>
        <Fields kind={act.kind} />
        <RefusalStrip refusal={command.refusal} />
      </form>
    </Dialog>
  );
}

function Fields({ kind }: { readonly kind: SeatAct["kind"] }) {
  const words = useWords(supervisionWords);
  if (kind === "listen") {
    return (
      <>
        <p>{words.listenText}</p>
        <Choice name="mode" label={words.mode} options={words.modes} />
        <Choice name="purpose" label={words.purpose} options={words.purposes} />
      </>
    );
  }
  return (
    <>
      {kind === "return" ? <p>{words.returnText}</p> : null}
      <Choice
        name="reason"
        label={words.reason}
        options={kind === "return" ? words.returnReasons : words.forceReasons}
      />
      {kind === "pause" ? (
        <SelectField label={words.minutes} name="minutes" defaultValue="30">
          {MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {words.minutesOf(minutes)}
            </option>
          ))}
        </SelectField>
      ) : null}
    </>
  );
}

export function Choice({
  name,
  label,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly options: Readonly<Record<string, string>>;
}) {
  return (
    <SelectField label={label} name={name}>
      {Object.entries(options).map(([code, text]) => (
        <option key={code} value={code}>
          {text}
        </option>
      ))}
    </SelectField>
  );
}

function send(act: SeatAct, field: (name: string) => string, key: string): Promise<unknown> {
  const headers = { "Idempotency-Key": key };
  if (act.kind === "return") {
    return body(
      api.POST("/api/telesecretariat/v1/calls/{call_id}/return", {
        params: { path: { call_id: act.callId } },
        headers,
        body: { reason: field("reason") },
      }),
    );
  }
  if (act.kind === "listen") {
    return body(
      api.POST("/api/telesecretariat/v1/calls/{call_id}/monitoring", {
        params: { path: { call_id: act.callId } },
        headers,
        body: {
          mode: field("mode") as "listen" | "whisper" | "barge",
          purpose: field("purpose") as "training" | "quality" | "help",
        },
      }),
    );
  }
  return body(
    api.POST("/api/telesecretariat/v1/agents/{agent_id}/force-state", {
      params: { path: { agent_id: act.agent.id } },
      headers,
      body: {
        work_state: act.kind === "pause" ? "not_ready" : "ready",
        reason: field("reason"),
        minutes: Number(field("minutes")) || 30,
      },
    }),
  );
}
