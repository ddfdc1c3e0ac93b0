import { useEffect, useState } from "react";
import { api, body } from "../api/client";
import type { Refusal } from "../api/refusal";
import { once, useAct } from "./acts";
import type { CallFile } from "./desk";
import { keepDraft } from "./drafts";

interface Opening {
  readonly open: () => void;
  readonly shown: boolean;
  readonly flagId: string | null;
  readonly refusal: Refusal | null;
}

/**
 * The key of the 15. Its screen is there with the press, before the service has answered: the first letters of an
 * address are never typed into nothing. It has an act of its own, which no other act under way can hold up.
 */
export function useRedFlag(callId: string | null, file: CallFile | null): Opening {
  const act = useAct();
  const [asked, ask] = useState<string | null>(null);
  const flagId = file && file.id === callId ? file.red_flag_id : null;
  useEffect(() => {
    if (flagId === null || callId === null) return;
    // From here on the call itself says whether it is open; its outcome is proposed when the call is written up.
    ask(null);
    keepDraft(callId, "red", "1");
  }, [flagId, callId]);
  const open = () => {
    if (callId === null) return;
    ask(callId);
    void act
      .run((key) =>
        body(
          api.POST("/api/telesecretariat/v1/calls/{call_id}/red-flag", {
            params: { path: { call_id: callId } },
            ...once(key),
          }),
        ),
      )
      .then((done) => done === undefined && ask(null));
  };
  return {
    open,
    shown: callId !== null && (flagId !== null || asked === callId),
    flagId,
    refusal: act.refusal,
  };
}
