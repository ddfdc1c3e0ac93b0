import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useWords } from "../words/language";
import { shellWords } from "./words";

/** Asks for a fresh second factor; the act that asked for it is then sent again as it was. */
export function StepUp({ onAnswer }: { readonly onAnswer: (given: boolean) => void }) {
  const words = useWords(shellWords);
  const prove = useCommand(
    (code: string) => body(api.POST("/auth/step-up", { body: { code } })),
    () => onAnswer(true),
  );
  return (
    <Dialog title={words.stepUpTitle} onClose={() => onAnswer(false)}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void prove.run(String(new FormData(event.currentTarget).get("code")));
        }}
      >
        <p>{words.stepUpText}</p>
        <RefusalStrip refusal={prove.refusal} />
        <TextField
          label={words.code}
          hint={words.totpHint}
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
          required
        />
        <div className="foot">
          <Button onClick={() => onAnswer(false)}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={prove.pending}>
            {words.confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
