import { useQueryClient } from "@tanstack/react-query";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { RefusalStrip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useWords } from "../../../words/language";
import { type Message, SENT } from "./messages";
import { followWords } from "./words";

/** Once more to the same patient, by the same way: asked, for it rings or beeps at somebody's. */
export function Resend({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const words = useWords(followWords);
  const toast = useToast();
  const client = useQueryClient();
  const resend = useCommand(
    (_: null, key) =>
      body(
        api.POST("/api/appointments/v1/messages/{message_id}/resend", {
          params: { path: { message_id: message.id } },
          headers: act(key),
        }),
      ),
    async () => {
      toast(words.resent);
      await client.invalidateQueries({ queryKey: SENT });
      onClose();
    },
  );
  return (
    <Dialog
      title={words.againTitle}
      onClose={onClose}
      foot={
        <Button kind="primary" busy={resend.pending} onClick={() => void resend.run(null)}>
          {words.confirmAgain}
        </Button>
      }
    >
      <p>
        {words.kinds[message.kind]}, {words.channels[message.channel]},{" "}
        <span className="mono">{message.to}</span>
      </p>
      {message.state === "unknown" ? <p>{words.mayHaveLeft}</p> : null}
      {message.state === "delivered" ? <p>{words.wasReceived}</p> : null}
      <RefusalStrip refusal={resend.refusal} />
    </Dialog>
  );
}
