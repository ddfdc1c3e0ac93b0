import { useState } from "react";
import { api, body, type Schema } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useWords } from "../words/language";
import type { Step } from "./gate";
import { shellWords } from "./words";

/** The second half of a sign-in: the code of the authenticator, or a recovery code. */
export function SecondFactor({
  onNext,
  onBack,
}: {
  readonly onNext: (next: Step) => void;
  readonly onBack: () => void;
}) {
  const words = useWords(shellWords);
  const [recovery, setRecovery] = useState(false);
  const check = useCommand(
    (code: string) => body(api.POST(recovery ? "/auth/recovery" : "/auth/totp", { body: { code } })),
    (answer) => onNext(answer.next),
  );
  return (
    <form
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        void check.run(String(new FormData(event.currentTarget).get("code")));
      }}
    >
      <h2>{words.totpTitle}</h2>
      <RefusalStrip refusal={check.refusal} />
      <TextField
        key={String(recovery)}
        label={recovery ? words.recoveryCode : words.code}
        hint={recovery ? undefined : words.totpHint}
        name="code"
        autoComplete={recovery ? "off" : "one-time-code"}
        inputMode={recovery ? "text" : "numeric"}
        autoFocus
        required
      />
      <Button kind="primary" type="submit" busy={check.pending}>
        {words.verify}
      </Button>
      <div className="row">
        <Button kind="quiet" onClick={() => setRecovery(!recovery)}>
          {recovery ? words.useTotp : words.useRecovery}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          {words.back}
        </Button>
      </div>
    </form>
  );
}

/** A first authenticator, its first code, and the ten recovery codes, shown once. */
export function Enrol({ onNext }: { readonly onNext: (next: Step) => void }) {
  const words = useWords(shellWords);
  const [enrolled, setEnrolled] = useState<Schema<"gateway.Enrolled"> | null>(null);
  const begin = useCommand((_: null) => body(api.POST("/auth/totp-enrolment")));
  const confirm = useCommand(
    (code: string) => body(api.POST("/auth/totp-enrolment/confirm", { body: { code } })),
    setEnrolled,
  );
  if (enrolled) {
    return (
      <section className="panel stack">
        <h2>{words.recoveryTitle}</h2>
        <p>{words.recoveryText}</p>
        <ol className="mono">
          {enrolled.recovery_codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <Button kind="primary" onClick={() => onNext(enrolled.next)}>
          {words.recoveryKept}
        </Button>
      </section>
    );
  }
  if (!begin.done) {
    return (
      <section className="panel stack">
        <h2>{words.enrolTitle}</h2>
        <p>{words.enrolText}</p>
        <RefusalStrip refusal={begin.refusal} />
        <Button kind="primary" busy={begin.pending} onClick={() => void begin.run(null)}>
          {words.enrolBegin}
        </Button>
      </section>
    );
  }
  return (
    <form
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        void confirm.run(String(new FormData(event.currentTarget).get("code")));
      }}
    >
      <h2>{words.enrolTitle}</h2>
      <p>{words.enrolText}</p>
      <img className="qr" src={begin.done.qr} alt={words.enrolQr} />
      <p>
        {words.enrolSecret} <code>{begin.done.secret}</code>
      </p>
      <RefusalStrip refusal={confirm.refusal} />
      <TextField
        label={words.code}
        hint={words.totpHint}
        name="code"
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        required
      />
      <Button kind="primary" type="submit" busy={confirm.pending}>
        {words.verify}
      </Button>
    </form>
  );
}
