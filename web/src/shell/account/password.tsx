import { useRef } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { faultAt, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { accountWords } from "./words";

/** Change of one's password; what was typed is gone from the page when it is done. */
export function Password() {
  const words = useWords(accountWords);
  const say = useToast();
  const form = useRef<HTMLFormElement>(null);
  const change = useCommand(
    (given: { current: string; password: string }) => body(api.PUT("/auth/password", { body: given })),
    () => {
      form.current?.reset();
      say(words.changed);
    },
  );
  return (
    <form
      ref={form}
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        void change.run({ current: String(given.get("current")), password: String(given.get("password")) });
      }}
    >
      <h2>{words.password}</h2>
      <RefusalStrip refusal={change.refusal} />
      <TextField
        label={words.current}
        fault={faultAt(change.refusal, "/current")}
        name="current"
        type="password"
        autoComplete="current-password"
        required
      />
      <TextField
        label={words.next}
        hint={words.nextHint}
        fault={faultAt(change.refusal, "/password")}
        name="password"
        type="password"
        autoComplete="new-password"
        required
      />
      <div>
        <Button type="submit" busy={change.pending}>
          {words.change}
        </Button>
      </div>
    </form>
  );
}
