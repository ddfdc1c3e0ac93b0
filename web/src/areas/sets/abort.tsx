import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { SelectField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { setsWords } from "./words";

type Reason = NonNullable<Schema<"cooperation.AbortIn">["reason"]>;

/** Ends a turn without a use, with why. */
export function Abort({ runId, onClose }: { readonly runId: string; readonly onClose: () => void }) {
  const words = useWords(setsWords);
  const say = useToast();
  const abort = useCommand(
    (reason: Reason, key) =>
      body(
        api.POST("/api/cooperation/v1/runs/{run_id}/abort", {
          params: { path: { run_id: runId } },
          body: { reason },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.aborted);
      onClose();
    },
  );
  return (
    <Dialog title={words.abortTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void abort.run(String(new FormData(event.currentTarget).get("reason")) as Reason);
        }}
      >
        <p>{words.abortText}</p>
        <RefusalStrip refusal={abort.refusal} />
        <SelectField label={words.reason} name="reason">
          {Object.entries(words.reasons).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" type="submit" busy={abort.pending}>
            {words.abort}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
