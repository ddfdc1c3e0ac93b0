import { useState } from "react";
import { useLocation } from "wouter";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useWords } from "../words/language";
import { BadgeFields, postLabel } from "./badge";
import { shellWords } from "./words";

type Proof = { code: string } | { badge: string; pin: string };

/** Asks for a fresh second factor, by code or at a shared post by badge; the act that asked for it is then sent again
 *  as it was. */
export function StepUp({ onAnswer }: { readonly onAnswer: (given: boolean) => void }) {
  const words = useWords(shellWords);
  const [, go] = useLocation();
  const [byBadge, setByBadge] = useState(() => postLabel() !== null);
  const prove = useCommand(
    (proof: Proof) => body(api.POST("/auth/step-up", { body: proof })),
    () => onAnswer(true),
  );
  const enrol = () => {
    onAnswer(false);
    go("/account");
  };
  const without = prove.refusal?.code === "NO_SECOND_FACTOR";
  return (
    <Dialog title={words.stepUpTitle} onClose={() => onAnswer(false)}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const given = new FormData(event.currentTarget);
          void prove.run(
            byBadge
              ? { badge: String(given.get("badge")), pin: String(given.get("pin")) }
              : { code: String(given.get("code")) },
          );
        }}
      >
        <p>{words.stepUpText}</p>
        <RefusalStrip
          refusal={prove.refusal}
          acts={without ? <Button onClick={enrol}>{words.enrolFactor}</Button> : null}
        />
        {byBadge ? (
          <BadgeFields autoFocus />
        ) : (
          <TextField
            label={words.code}
            hint={words.totpHint}
            name="code"
            autoComplete="one-time-code"
            inputMode="numeric"
            autoFocus
            required
          />
        )}
        <div className="foot">
          <Button kind="quiet" onClick={() => setByBadge(!byBadge)}>
            {byBadge ? words.byCode : words.byBadge}
          </Button>
          <Button onClick={() => onAnswer(false)}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={prove.pending}>
            {words.confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
