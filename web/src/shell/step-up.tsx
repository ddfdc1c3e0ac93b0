import { useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useWords } from "../words/language";
import { BadgeFields, postLabel } from "./badge";
import { Enrol } from "./factors";
import { shellWords } from "./words";

type Proof = { code: string } | { badge: string; pin: string };

/** Asks for a fresh second factor, by code or at a shared post by badge; the act that asked for it is then sent again
 *  as it was. */
export function StepUp({ onAnswer }: { readonly onAnswer: (given: boolean) => void }) {
  const words = useWords(shellWords);
  const [enrolling, setEnrolling] = useState(false);
  const [byBadge, setByBadge] = useState(() => postLabel() !== null);
  const prove = useCommand(
    (proof: Proof) => body(api.POST("/auth/step-up", { body: proof })),
    () => onAnswer(true),
  );
  const without = prove.refusal?.code === "NO_SECOND_FACTOR";
  // A first authenticator is a fresh proof: the act goes on, and what was typed for it is still there.
  if (enrolling) {
    return (
      <Dialog title={words.enrolFactor} onClose={() => onAnswer(false)}>
        <Enrol onNext={() => onAnswer(true)} />
      </Dialog>
    );
  }
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
          acts={without ? <Button onClick={() => setEnrolling(true)}>{words.enrolFactor}</Button> : null}
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
