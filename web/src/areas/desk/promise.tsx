import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { once } from "../../calls/acts";
import { type CallFile, useRefreshDesk } from "../../calls/desk";
import { useDraft } from "../../calls/drafts";
import { Button } from "../../ui/button";
import { faultAt, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { deskWords } from "./words";

/** A call that one promises: it enters the queue, and whoever is free makes it. */
export function CallbackPromise({ file, onDone }: { readonly file: CallFile; readonly onDone: () => void }) {
  const words = useWords(deskWords);
  const say = useToast();
  const refresh = useRefreshDesk();
  const [number, setNumber] = useDraft(file.id, "promise", file.number ?? "");
  const promise = useCommand(
    (to: string, key: string) =>
      body(
        api.POST("/api/telesecretariat/v1/callbacks", {
          body: { line_id: file.line_id, number: to, patient_id: file.patient_id },
          ...once(key),
        }),
      ),
    () => {
      say(words.promised);
      void refresh();
      onDone();
    },
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void promise.run(number.trim());
      }}
    >
      <p>{words.promiseText}</p>
      <TextField
        label={words.promiseNumber}
        type="tel"
        required
        autoFocus
        value={number}
        fault={faultAt(promise.refusal, "/number")}
        onChange={(event) => setNumber(event.target.value)}
      />
      <RefusalStrip refusal={promise.refusal} />
      <div>
        <Button type="submit" kind="primary" busy={promise.pending}>
          {words.promiseDo}
        </Button>
      </div>
    </form>
  );
}
