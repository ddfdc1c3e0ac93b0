import { useState } from "react";
import { useLocation } from "wouter";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { useSession } from "../api/session";
import { Button } from "../ui/button";
import { faultAt, TextField } from "../ui/field";
import { RefusalStrip, Strip } from "../ui/state";
import { useWords } from "../words/language";
import { Enrol, SecondFactor } from "./factors";
import type { Step } from "./gate";
import { shellWords } from "./words";

/** `/console/invitation#<token>`: the token stands behind `#`, so that no server or log ever sees it in an address. */
export default function Invitation() {
  const words = useWords(shellWords);
  const { renew } = useSession();
  const [, go] = useLocation();
  const [token] = useState(() => window.location.hash.slice(1));
  const [step, setStep] = useState<Step | null>(null);
  const accept = useCommand(
    (password: string) =>
      body(api.POST("/auth/invitations/{token}", { params: { path: { token } }, body: { password } })),
    (answer) => setStep(answer.next),
  );
  const goOn = async () => {
    await renew();
    go("/", { replace: true });
  };
  if (step === "totp") return <SecondFactor onNext={goOn} onBack={goOn} />;
  if (step === "enrol") return <Enrol onNext={goOn} />;
  if (step !== null) {
    return (
      <Strip
        state="ok"
        role="status"
        acts={
          <Button kind="primary" onClick={() => void goOn()}>
            {words.signIn}
          </Button>
        }
      >
        {words.passwordKept}
      </Strip>
    );
  }
  return (
    <form
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        void accept.run(String(new FormData(event.currentTarget).get("password")));
      }}
    >
      <h2>{words.invitationTitle}</h2>
      <RefusalStrip refusal={accept.refusal} />
      <TextField
        label={words.newPassword}
        hint={words.passwordHint}
        fault={faultAt(accept.refusal, "/password")}
        name="password"
        type="password"
        autoComplete="new-password"
        autoFocus
        required
      />
      <Button kind="primary" type="submit" busy={accept.pending}>
        {words.choosePassword}
      </Button>
    </form>
  );
}
