import { useEffect, useRef } from "react";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { useShortcut } from "../ui/shortcuts";
import { Badge } from "../ui/state";
import { Timer } from "../ui/timer";
import { useToast } from "../ui/toast";
import { useWords } from "../words/language";
import { once } from "./acts";
import { keepNote } from "./colleagues";
import type { CallFile, CurrentCall } from "./desk";
import type { Act } from "./seat-state";
import { callWords } from "./words";

interface Props {
  readonly call: CurrentCall;
  readonly file: CallFile | null;
  readonly act: Act;
}

/**
 * A transfer in progress. With a colleague: she rings, she speaks with one while the caller waits, then F9 gives her the
 * call; F4 brings the caller back at any moment. With a number the three are together.
 */
export function Transferring({ call, file, act }: Props) {
  const words = useWords(callWords);
  const toast = useToast();
  const who = call.consulted;
  const rings = call.ringsUntil !== null;
  const waits = who !== null && rings ? words.handOverWaits(who) : undefined;
  const back = () =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/calls/{call_id}/resume", {
          params: { path: { call_id: call.id } },
          ...once(key),
        }),
      ),
    );
  const leave = () => {
    if (waits) return;
    void act
      .run(async (key) => {
        await keepNote(call.id, file);
        return body(
          api.POST("/api/telesecretariat/v1/calls/{call_id}/hang-up", {
            params: { path: { call_id: call.id } },
            ...once(key),
          }),
        );
      })
      .then((done) => done && who && toast(words.handedOver(who)));
  };
  useShortcut({ id: "calls.hold", keys: "F4", label: words.takeBack }, back);
  useShortcut({ id: "calls.end", keys: "F9", label: words.leaveTransfer }, leave);
  return (
    <>
      {who === null ? null : (
        <Badge state={rings ? "unknown" : "ok"}>{rings ? words.rings(who) : words.talksWith(who)}</Badge>
      )}
      {who !== null && call.ringsUntil ? (
        <span className="small">
          {words.left} <Timer until={call.ringsUntil} />
        </span>
      ) : null}
      <span className="row calls-acts">
        <Button hotkey="F4" busy={act.pending} onClick={back}>
          {words.takeBack}
        </Button>
        <Button
          kind={waits ? "plain" : "primary"}
          hotkey="F9"
          blocked={waits}
          busy={act.pending}
          onClick={leave}
        >
          {who === null ? words.leaveTransfer : words.handOver(who)}
        </Button>
      </span>
    </>
  );
}

/** Whoever was called is gone without one's doing: the caller is back, and one is told before one speaks to him. */
export function useTransferEnds(call: CurrentCall, act: Act): void {
  const words = useWords(callWords);
  const toast = useToast();
  const before = useRef<{ readonly who: string | null; readonly state: string }>({
    who: call.consulted,
    state: call.state,
  });
  const mine = useRef(false);
  if (act.pending) mine.current = true;
  useEffect(() => {
    const { who, state } = before.current;
    before.current = { who: call.consulted, state: call.state };
    if (state === call.state) return;
    if (state === "transferring" && call.state === "talking" && !mine.current) {
      toast(who === null ? words.numberGone : words.transferFailed(who), "warn");
    }
    mine.current = false;
  }, [call.state, call.consulted, toast, words]);
}
