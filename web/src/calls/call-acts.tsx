import { useState } from "react";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { useShortcut } from "../ui/shortcuts";
import { Badge, type State } from "../ui/state";
import { Timer } from "../ui/timer";
import { useWords } from "../words/language";
import { once } from "./acts";
import type { CallFile, CurrentCall, Desk } from "./desk";
import { spoken } from "./phone";
import type { Act } from "./seat-state";
import { Transfer } from "./transfer";
import { Transferring, useTransferEnds } from "./transferring";
import { callWords } from "./words";

interface Props {
  readonly desk: Desk;
  readonly call: CurrentCall;
  readonly file: CallFile | null;
  readonly act: Act;
  readonly onRed: () => void;
}

type Verb = "hold" | "resume" | "hang-up";

const LOOKS: Readonly<Record<string, State>> = { held: "warn", connecting: "unknown", talking: "ok" };

/** The call on the line and what one does with it: F4, F7, F8, F9 from any screen. */
export function CallActs({ desk, call, file, act, onRed }: Props) {
  const words = useWords(callWords);
  const [transferring, transfer] = useState(false);
  const line = (desk.lines ?? []).find((each) => each.id === call.lineId);
  const does = (verb: Verb) => () =>
    void act.run((key) =>
      body(
        api.POST(`/api/telesecretariat/v1/calls/{call_id}/${verb}`, {
          params: { path: { call_id: call.id } },
          ...once(key),
        }),
      ),
    );
  const keep = call.state === "held" ? does("resume") : does("hold");
  const talking = call.state === "talking";
  const moving = call.state === "transferring";
  const holds = talking || call.state === "held";
  const speaking = holds || moving;
  const outbound = call.state === "connecting" && file !== null && file.direction !== "inbound";
  const mayEnd = holds || outbound;
  useTransferEnds(call, act);
  useShortcut({ id: "calls.hold", keys: "F4", label: words.hold }, keep, { when: holds });
  useShortcut({ id: "calls.transfer", keys: "F7", label: words.transfer }, () => transfer(true), {
    when: talking,
  });
  useShortcut({ id: "calls.fifteen", keys: "F8", label: words.fifteen }, onRed, {
    when: speaking,
  });
  useShortcut({ id: "calls.end", keys: "F9", label: words.hangUp }, does("hang-up"), { when: mayEnd });
  const state =
    call.state === "connecting"
      ? outbound
        ? words.ringingOut
        : words.connecting
      : call.state === "held"
        ? words.held
        : call.state === "transferring"
          ? words.transferring
          : words.talking;
  return (
    <div className="calls-call row">
      <Badge state={LOOKS[call.state] ?? "info"}>{state}</Badge>
      {file ? <Timer since={file.answered_at ?? file.state_since} /> : null}
      {file ? (
        <strong className="calls-large">{file.number ? spoken(file.number) : words.withheld}</strong>
      ) : null}
      {line ? <span className="calls-on">{line.name}</span> : null}
      <span className="row calls-acts">
        {moving ? <Transferring call={call} file={file} act={act} /> : null}
        {holds ? (
          <Button hotkey="F4" busy={act.pending} onClick={keep}>
            {talking ? words.hold : words.resume}
          </Button>
        ) : null}
        {talking ? (
          <Button hotkey="F7" onClick={() => transfer(true)}>
            {words.transfer}
          </Button>
        ) : null}
        {speaking ? (
          <Button kind="stop" hotkey="F8" onClick={onRed}>
            {words.fifteen}
          </Button>
        ) : null}
        {mayEnd ? (
          <Button kind="danger" hotkey="F9" busy={act.pending} onClick={does("hang-up")}>
            {words.hangUp}
          </Button>
        ) : null}
      </span>
      {transferring && talking ? (
        <Transfer callId={call.id} file={file} act={act} onClose={() => transfer(false)} />
      ) : null}
    </div>
  );
}
