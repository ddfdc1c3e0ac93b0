import { useState } from "react";
import { Link } from "wouter";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { faultAt, TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useToast } from "../ui/toast";
import { useWords } from "../words/language";
import type { Step } from "./gate";
import { shellWords } from "./words";

const POST = "maillage.post";

/** Whether this browser was made a shared post; only its label is kept, the proof is a cookie that no script reads. */
export function postLabel(): string | null {
  return localStorage.getItem(POST);
}

export function keepPost(label: string): void {
  localStorage.setItem(POST, label);
}

/** A badge and its PIN: a reader types the badge and sends Enter, which goes on to the PIN. */
export function BadgeFields({ autoFocus = false }: { readonly autoFocus?: boolean }) {
  const words = useWords(shellWords);
  return (
    <>
      <TextField
        label={words.badge}
        hint={words.badgeHint}
        name="badge"
        autoComplete="off"
        spellCheck={false}
        autoFocus={autoFocus}
        onKeyDown={(event) => {
          const pin = event.currentTarget.form?.elements.namedItem("pin");
          if (event.key !== "Enter" || !(pin instanceof HTMLInputElement) || pin.value) return;
          event.preventDefault();
          pin.focus();
        }}
        required
      />
      <TextField
        label={words.pin}
        name="pin"
        type="password"
        inputMode="numeric"
        autoComplete="off"
        required
      />
    </>
  );
}

/** Sign-in at a shared post, and the first choice of a PIN. */
export function BadgeSignIn({
  onNext,
  onPassword,
}: {
  readonly onNext: (next: Step) => void;
  readonly onPassword: () => void;
}) {
  const words = useWords(shellWords);
  const [choosing, setChoosing] = useState(false);
  const enter = useCommand(
    (given: { badge: string; pin: string }) => body(api.POST("/auth/badge", { body: given })),
    (answer) => onNext(answer.next),
  );
  if (choosing) return <ChoosePin onDone={() => setChoosing(false)} />;
  return (
    <form
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        void enter.run({ badge: String(given.get("badge")), pin: String(given.get("pin")) });
      }}
    >
      <h2>{words.badgeTitle}</h2>
      {postLabel() ? <p className="muted">{words.post(postLabel() ?? "")}</p> : null}
      <RefusalStrip
        refusal={enter.refusal}
        acts={
          enter.refusal?.code === "POST_NOT_ENROLLED" ? (
            <Link className="button" href="/device">
              {words.enrolPost}
            </Link>
          ) : null
        }
      />
      <BadgeFields autoFocus />
      <Button kind="primary" type="submit" busy={enter.pending}>
        {words.signIn}
      </Button>
      <div className="row">
        <Button kind="quiet" onClick={() => setChoosing(true)}>
          {words.choosePin}
        </Button>
        <Button kind="quiet" onClick={onPassword}>
          {words.byPassword}
        </Button>
      </div>
    </form>
  );
}

/** The PIN of a new badge, with the code that the administrator gave. */
function ChoosePin({ onDone }: { readonly onDone: () => void }) {
  const words = useWords(shellWords);
  const say = useToast();
  const choose = useCommand(
    (given: { badge: string; code: string; pin: string }) =>
      body(api.POST("/auth/badge-pin", { body: given })),
    () => {
      say(words.pinKept);
      onDone();
    },
  );
  return (
    <form
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        void choose.run({
          badge: String(given.get("badge")),
          code: String(given.get("code")),
          pin: String(given.get("pin")),
        });
      }}
    >
      <h2>{words.choosePin}</h2>
      <RefusalStrip refusal={choose.refusal} />
      <TextField label={words.badge} name="badge" autoComplete="off" spellCheck={false} required />
      <TextField
        label={words.badgeCode}
        hint={words.badgeCodeHint}
        name="code"
        autoComplete="off"
        spellCheck={false}
        required
      />
      <TextField
        label={words.newPin}
        hint={words.newPinHint}
        fault={faultAt(choose.refusal, "/pin")}
        name="pin"
        type="password"
        inputMode="numeric"
        autoComplete="off"
        required
      />
      <Button kind="primary" type="submit" busy={choose.pending}>
        {words.keepPin}
      </Button>
      <Button kind="quiet" onClick={onDone}>
        {words.back}
      </Button>
    </form>
  );
}
