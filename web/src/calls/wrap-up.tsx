import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { useShortcut } from "../ui/shortcuts";
import { RefusalStrip } from "../ui/state";
import { Timer } from "../ui/timer";
import { useWords } from "../words/language";
import { once, patchCall, useCatalogue } from "./acts";
import { callContext, callMessages } from "./context";
import type { Agent, CallFile, CurrentCall } from "./desk";
import { forget, readDraft } from "./drafts";
import type { Act } from "./seat-state";
import { callWords } from "./words";

interface Props {
  readonly call: CurrentCall;
  readonly agent: Agent;
  readonly file: CallFile | null;
  readonly act: Act;
}

const ALWAYS = [
  "booked",
  "moved",
  "cancelled",
  "message",
  "transferred",
  "callback",
  "information",
  "not_reached",
  "emergency",
  "other",
];
const MOST = 4;

/** After the conversation: what came of it. F9 finishes; what still lacks is asked where it lacks. */
export function WrapUp({ call, agent, file, act }: Props) {
  const words = useWords(callWords);
  const own = useCatalogue("outcome");
  const select = useRef<HTMLSelectElement>(null);
  const [chosen, choose] = useState<string | null>(null);
  const context = useQuery(callContext(call.id));
  const messages = useQuery(callMessages(call.id));
  const booked = (context.data?.appointments.length ?? 0) > 0;
  const sent = (messages.data?.items.length ?? 0) > 0;
  // Whoever leaves the call by the 15 has already said what came of it.
  const danger = readDraft(call.id, "red") !== null;
  const outcome = chosen ?? file?.outcome ?? (danger ? "emergency" : booked ? "" : sent ? "message" : "");
  const choices = [
    ...own.map(({ code, label }) => ({ code, label })),
    ...ALWAYS.filter((code) => !own.some((each) => each.code === code)).map((code) => ({
      code,
      label: words.outcomes[code] ?? code,
    })),
  ];
  const path = { params: { path: { call_id: call.id } } };
  const finish = () => {
    if (!outcome && !booked && context.data) select.current?.focus();
    void act
      .run((key) =>
        body(
          api.POST("/api/telesecretariat/v1/calls/{call_id}/wrap-up", {
            ...path,
            body: { act: "finish", ...(outcome ? { outcome } : {}) },
            ...once(key),
          }),
        ),
      )
      .then((done) => done && forget(call.id));
  };
  const extend = () =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/calls/{call_id}/wrap-up", {
          ...path,
          body: { act: "extend" },
          ...once(key),
        }),
      ),
    );
  useShortcut({ id: "calls.end", keys: "F9", label: words.finish }, finish);
  const code = act.refusal?.code;
  useEffect(() => {
    if (code === "OUTCOME_REQUIRED") select.current?.focus();
  }, [code]);
  return (
    <div className="calls-wrap row">
      <label className="row">
        <strong>{words.outcome}</strong>
        <select
          ref={select}
          className="calls-select"
          value={outcome}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">{booked ? words.outcomeBooking : words.outcomeChoose}</option>
          {choices.map((each) => (
            <option key={each.code} value={each.code}>
              {each.label}
            </option>
          ))}
        </select>
      </label>
      <Button kind="primary" hotkey="F9" busy={act.pending} onClick={finish}>
        {words.finish}
      </Button>
      {agent.wrap_up_extensions < MOST ? <Button onClick={extend}>{words.longer}</Button> : null}
      {agent.wrap_up_until ? (
        <span className="small">
          {words.finishBefore} <Timer until={agent.wrap_up_until} />
        </span>
      ) : null}
      <Lacking callId={call.id} act={act} />
    </div>
  );
}

/** What the rules still ask before the call may end, with the act that gives it. */
function Lacking({ callId, act }: { readonly callId: string; readonly act: Act }) {
  const words = useWords(callWords);
  const { refusal } = act;
  const display = String(refusal?.more.display_id ?? "");
  if (refusal?.code === "REPEAT_CALLER_UNRESOLVED") {
    const told = () => act.run(() => patchCall(callId, { supervisor_told: true }));
    return <RefusalStrip refusal={refusal} acts={<Button onClick={told}>{words.supervisorTold}</Button>} />;
  }
  if (refusal?.code === "INSTRUCTION_NOT_ACKNOWLEDGED") {
    const read = () =>
      act.run(() =>
        body(
          api.POST("/api/telesecretariat/v1/instruction-displays/{display_id}/acknowledge", {
            params: { path: { display_id: display } },
          }),
        ),
      );
    return <RefusalStrip refusal={refusal} acts={<Button onClick={read}>{words.readInstruction}</Button>} />;
  }
  return null;
}
