import { useState } from "react";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextArea } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { type Act, actsOf, type Order } from "./life";
import { Prepare } from "./prepare";
import { decline, type Flow, PLAIN, useSide } from "./queries";
import { Receive } from "./receive";
import { orderWords } from "./words";

interface Props {
  readonly order: Order;
  readonly flow: Flow | undefined;
  readonly onChanged: () => void;
}
type Plain = keyof typeof PLAIN;
const ASKS: readonly Act[] = ["decline", "prepare", "receive"];

/** What this person may do with the order now; what he may not yet says why. */
export function Acts({ order, flow, onChanged }: Props) {
  const words = useWords(orderWords);
  const say = useToast();
  const { session, may } = useSession();
  const side = useSide();
  const [asking, ask] = useState<Act | null>(null);
  const ready = order.prepared_by !== null;
  const acts = actsOf(order, side, { ready });
  const plain = useCommand(
    async (act: Plain, key) => {
      await PLAIN[act](order.id, key);
      return act;
    },
    (act) => {
      say(words.done[act]);
      onChanged();
    },
  );
  if (acts.length === 0) return null;
  if (!may("cooperation:order.write")) return <p className="muted">{words.notAllowed}</p>;
  const blocked = (act: Act): string | undefined => {
    const mine = order.prepared_by === `person:${session.person?.id}`;
    if (act === "check" && mine) return words.samePerson;
    if (act === "dispatch" && order.crate_ids.length > 0) return words.inCrates;
    if (act === "close" && order.lines.some((line) => line.blocked)) return words.lineBlocked;
    return undefined;
  };
  const kind = (act: Act, place: number) =>
    act === "decline" || act === "cancel" ? "danger" : place === 0 ? "primary" : "plain";
  const end = (act: Act) => {
    ask(null);
    say(words.done[act]);
    onChanged();
  };
  return (
    <>
      <RefusalStrip refusal={plain.refusal} />
      <div className="row">
        {acts.map((act, place) => (
          <Button
            key={act}
            kind={kind(act, place)}
            busy={plain.pending}
            blocked={blocked(act)}
            onClick={() => (ASKS.includes(act) ? ask(act) : void plain.run(act as Plain))}
          >
            {act === "prepare" && ready ? words.again : words.acts[act]}
          </Button>
        ))}
      </div>
      {asking === "decline" ? (
        <Decline order={order} onDone={() => end("decline")} onClose={() => ask(null)} />
      ) : null}
      {asking === "prepare" ? (
        <Prepare order={order} flow={flow} onDone={() => end("prepare")} onClose={() => ask(null)} />
      ) : null}
      {asking === "receive" ? (
        <Receive order={order} flow={flow} onDone={() => end("receive")} onClose={() => ask(null)} />
      ) : null}
    </>
  );
}

export interface ActProps {
  readonly order: Order;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function Decline({ order, onDone, onClose }: ActProps) {
  const words = useWords(orderWords);
  const command = useCommand((reason: string, key) => decline(order.id, reason, key), onDone);
  return (
    <Dialog title={words.acts.decline} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void command.run(String(new FormData(event.currentTarget).get("reason")).trim());
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        <TextArea
          label={words.reason}
          hint={words.reasonHint}
          name="reason"
          required
          maxLength={1000}
          fault={faultAt(command.refusal, "/reason")}
        />
        <div className="row foot">
          <Button onClick={onClose}>{words.keep}</Button>
          <Button kind="danger" type="submit" busy={command.pending}>
            {words.acts.decline}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
