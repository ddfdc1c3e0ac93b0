import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { ReasonDialog } from "./reason";
import { recallsWords } from "./words";

/** The two ends of a recall: every line settled, or nothing was wrong. Each takes two signatures. */
export function Closing({ recall }: { readonly recall: Schema<"cooperation.RecallOut"> }) {
  const words = useWords(recallsWords);
  const say = useToast();
  const { session } = useSession();
  const [clearing, clear] = useState(false);
  const signer = ["sterilisation_releaser", "hygiene"].includes(session.context?.role ?? "");
  const close = useCommand(
    (sent: Schema<"cooperation.Closing">, key) =>
      body(
        api.POST("/api/cooperation/v1/recalls/{recall_id}/close", {
          params: { path: { recall_id: recall.id } },
          body: sent,
          headers: { "Idempotency-Key": key },
        }),
      ),
    (after) => {
      clear(false);
      say(after.state === "closed" ? words.closeDone : words.closeSigned);
    },
  );
  const blocked = recall.left > 0 ? words.closeLacks(recall.left) : signer ? undefined : words.closeWho;
  return (
    <>
      <Button
        kind="primary"
        blocked={blocked}
        busy={close.pending}
        onClick={() => void close.run({ unfounded: false })}
      >
        {words.close}
      </Button>
      {signer ? <Button onClick={() => clear(true)}>{words.clear}</Button> : null}
      {clearing ? null : <RefusalStrip refusal={close.refusal} />}
      {clearing ? (
        <ReasonDialog
          title={words.clearTitle}
          text={words.clearText}
          label={words.reason}
          act={words.sign}
          command={close}
          send={(reason) => void close.run({ unfounded: true, reason })}
          onClose={() => clear(false)}
        />
      ) : null}
    </>
  );
}
