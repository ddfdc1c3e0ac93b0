import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Check } from "../../../ui/field";
import { RefusalStrip, Strip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useWords } from "../../../words/language";
import { changesOf, type FlagSet, RED_FLAGS } from "./flags";
import { instructionWords } from "./words";

interface Props {
  readonly set: FlagSet;
  readonly current: FlagSet | undefined;
  readonly onClose: () => void;
}

/** A doctor puts a list of signs into force: what it changes is said first, for it counts from the next call on. */
export function SignDialog({ set, current, onClose }: Props) {
  const words = useWords(instructionWords);
  const toast = useToast();
  const client = useQueryClient();
  const [read, setRead] = useState(false);
  const publish = useCommand(
    (_: null, key) =>
      body(
        api.POST("/api/telesecretariat/v1/red-flag-sets/{set_id}/publish", {
          params: { path: { set_id: set.id } },
          headers: act(key),
        }),
      ),
    async () => {
      toast(words.signed);
      await client.invalidateQueries({ queryKey: RED_FLAGS });
      onClose();
    },
  );
  const changes = changesOf(current?.items ?? [], set.items);
  const parts = [
    [words.added, changes.added],
    [words.removed, changes.removed],
    [words.reworded, changes.reworded],
  ] as const;
  return (
    <Dialog
      title={words.signTitle(set.number)}
      onClose={onClose}
      wide
      foot={
        <Button
          kind="primary"
          busy={publish.pending}
          blocked={read ? undefined : words.readFirst}
          onClick={() => void publish.run(null)}
        >
          {words.sign}
        </Button>
      }
    >
      <Strip state="warn">{words.signText}</Strip>
      {parts.map(([name, signs]) =>
        signs.length > 0 ? (
          <section key={name} className="stack">
            <h3>{name}</h3>
            <ul className="setup-flags">
              {signs.map((each) => (
                <li key={each.code}>
                  <strong>{each.label}</strong>
                  {each.questions?.map((question) => (
                    <p key={question} className="small">
                      {question}
                    </p>
                  ))}
                </li>
              ))}
            </ul>
          </section>
        ) : null,
      )}
      {parts.every(([, signs]) => signs.length === 0) ? <p>{words.sameSigns}</p> : null}
      <Check
        label={words.haveRead(set.items.length)}
        checked={read}
        onChange={(event) => setRead(event.target.checked)}
      />
      <RefusalStrip refusal={publish.refusal} />
    </Dialog>
  );
}
