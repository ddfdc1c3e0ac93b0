import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { act } from "../../records/read";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import type { InstrumentSet } from "./set-rows";
import { plantWords } from "./words";

/** Out of service, or back in it. Its runs and its trace stay. */
export function SetStatus({ set }: { readonly set: InstrumentSet }) {
  const words = useWords(plantWords);
  const client = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const other = set.status === "retired" ? "in_service" : "retired";
  const command = useCommand(
    (_: null, key) =>
      body(
        api.POST("/api/cooperation/v1/sets/{set_id}/status", {
          params: { path: { set_id: set.id } },
          body: { status: other },
          headers: act(key, set.version),
        }),
      ),
    () => {
      setAsking(false);
      toast(other === "retired" ? words.retired : words.backInService);
      void client.invalidateQueries({ queryKey: ["cooperation", "sets"] });
    },
  );
  if (other === "in_service")
    return (
      <div className="row plant-retire">
        <Button busy={command.pending} onClick={() => void command.run(null)}>
          {words.putBack}
        </Button>
        <RefusalStrip refusal={command.refusal} />
      </div>
    );
  return (
    <div className="row plant-retire">
      <Button onClick={() => setAsking(true)}>{words.retireSet}</Button>
      {asking ? (
        <Dialog
          title={words.retireTitle(set.name)}
          onClose={() => {
            command.renew();
            setAsking(false);
          }}
          foot={
            <Button kind="danger" busy={command.pending} onClick={() => void command.run(null)}>
              {words.retireSet}
            </Button>
          }
        >
          <p>{words.retireSetText}</p>
          <RefusalStrip refusal={command.refusal} />
        </Dialog>
      ) : null}
    </div>
  );
}
