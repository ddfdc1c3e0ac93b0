import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { once } from "../../calls/acts";
import type { Desk } from "../../calls/desk";
import { keepDraft, readDraft } from "../../calls/drafts";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextArea } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { timeOfDay } from "../../words/time";
import { deskWords } from "./words";

const PATH = "/api/telesecretariat/v1/handovers";

/** What one shift leaves to the next: prepared and signed by who goes, acknowledged by who comes. */
export function Handovers({ desk }: { readonly desk: Desk }) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const [open, setOpen] = useState(false);
  const signed = useLiveQuery({
    queryKey: ["telesecretariat", "handovers", "signed"],
    queryFn: () => body(api.GET(PATH, { params: { query: { state: "signed", limit: 20 } } })),
    topics: ["telesecretariat.handover_*"],
  });
  const acknowledge = useCommand(
    (id: string, key: string) =>
      body(
        api.POST("/api/telesecretariat/v1/handovers/{handover_id}/acknowledge", {
          params: { path: { handover_id: id } },
          ...once(key),
        }),
      ),
    () => void signed.refetch(),
  );
  const me = session.person?.id;
  const forMe = (signed.data?.items ?? []).filter(
    (each) => each.from_id !== me && (each.to_id === null || each.to_id === me),
  );
  const clientId = (desk.lines ?? [])[0]?.client_id ?? desk.calls[0]?.client_id ?? desk.queue[0]?.client_id;
  return (
    <section className="panel stack" aria-label={words.handover}>
      <h2>{words.handover}</h2>
      <ul className="desk-list">
        {forMe.map((each) => (
          <li key={each.id} className="row spread">
            <span>{words.handoverWaiting(timeOfDay(each.signed_at ?? each.created_at, language))}</span>
            <Button busy={acknowledge.pending} onClick={() => void acknowledge.run(each.id)}>
              {words.handoverAcknowledge}
            </Button>
          </li>
        ))}
      </ul>
      <RefusalStrip refusal={acknowledge.refusal} />
      {clientId ? (
        <div>
          <Button onClick={() => setOpen(true)}>{words.handoverBegin}</Button>
        </div>
      ) : null}
      {open && clientId ? <Prepare clientId={clientId} onClose={() => setOpen(false)} /> : null}
    </section>
  );
}

function Prepare({ clientId, onClose }: { readonly clientId: string; readonly onClose: () => void }) {
  const words = useWords(deskWords);
  const say = useToast();
  const [text, setText] = useState(() => readDraft("shift", "handover") ?? "");
  const sign = useCommand(
    async (_: null, key: string) => {
      const remarks = text
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
      const made = await body(api.POST(PATH, { body: { client_id: clientId, remarks }, ...once(key) }));
      return body(
        api.POST("/api/telesecretariat/v1/handovers/{handover_id}/sign", {
          params: { path: { handover_id: made.id } },
          ...once(`${key}-sign`),
        }),
      );
    },
    () => {
      keepDraft("shift", "handover", null);
      say(words.handoverSigned);
      onClose();
    },
  );
  return (
    <Dialog title={words.handoverBegin} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void sign.run(null);
        }}
      >
        <TextArea
          label={words.handoverRemarks}
          hint={words.handoverHint}
          value={text}
          autoFocus
          onChange={(event) => {
            setText(event.target.value);
            keepDraft("shift", "handover", event.target.value);
          }}
        />
        <RefusalStrip refusal={sign.refusal} />
        <div className="foot">
          <Button type="submit" kind="primary" busy={sign.pending}>
            {words.handoverSign}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
