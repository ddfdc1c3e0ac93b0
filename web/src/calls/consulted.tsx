import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { useShortcut } from "../ui/shortcuts";
import { Badge } from "../ui/state";
import { Timer } from "../ui/timer";
import { useWords } from "../words/language";
import { once, useCatalogue } from "./acts";
import { type Desk, type DeskCall, useCallFile } from "./desk";
import { spoken } from "./phone";
import type { Act } from "./seat-state";
import { callWords } from "./words";

interface Props {
  readonly desk: Desk;
  readonly call: DeskCall;
  readonly act: Act;
}

/** A colleague speaks with one about her caller: who she is, who he is, what she noted. F9 leaves him to her. */
export function Consulted({ desk, call, act }: Props) {
  const words = useWords(callWords);
  const file = useCallFile(call.id).data;
  const motives = useCatalogue("motive");
  const line = (desk.lines ?? []).find((each) => each.id === call.line_id);
  const who = call.agent_label ?? "";
  const leave = () =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/calls/{call_id}/hang-up", {
          params: { path: { call_id: call.id } },
          ...once(key),
        }),
      ),
    );
  useShortcut({ id: "calls.end", keys: "F9", label: words.consultedLeave }, leave);
  const motive = motives.find((each) => each.code === file?.motive)?.label;
  return (
    <div className="calls-offer calls-consulted" role="alert">
      <div className="row">
        <Badge state="info">
          {call.connect_deadline ? words.consultedRings(who) : words.consultedBy(who)}
        </Badge>
        <Timer since={call.state_since} />
        {file ? (
          <strong className="calls-large">{file.number ? spoken(file.number) : words.withheld}</strong>
        ) : null}
        {line ? <span>{line.name}</span> : null}
        <span className="calls-acts">
          <Button hotkey="F9" busy={act.pending} onClick={leave}>
            {words.consultedLeave}
          </Button>
        </span>
      </div>
      {motive || file?.note ? (
        <dl className="calls-told">
          {motive ? (
            <div>
              <dt>{words.consultedAbout}</dt>
              <dd>{motive}</dd>
            </div>
          ) : null}
          {file?.note ? (
            <div>
              <dt>{words.consultedNote}</dt>
              <dd dir="auto">{file.note}</dd>
            </div>
          ) : null}
        </dl>
      ) : null}
      <p className="small">{words.consultedWaits}</p>
    </div>
  );
}
