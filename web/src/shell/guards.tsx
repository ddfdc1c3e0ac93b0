import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { api, body, onSession } from "../api/client";
import { readSession, SESSION, type Session, SessionProvider, useSession } from "../api/session";
import { Dialog } from "../ui/dialog";
import { useWords } from "../words/language";
import { Steps } from "./gate";
import { keepNotice } from "./notices";
import { StepUp } from "./step-up";
import { shellWords } from "./words";

type Answer = (given: boolean) => void;

/**
 * What may come between a person and her screen: the session ended (the page is locked, its forms stay), an act asks
 * for a fresh factor (the same command is then repeated), the context was changed in another tab.
 */
export function Guards({ children }: { readonly children: ReactNode }) {
  const [locked, lock] = useState(false);
  const [asked, ask] = useState(false);
  const waiting = useRef<Answer[]>([]);
  useEffect(() => {
    onSession.ended = () => lock(true);
    // Several acts may ask at once: one proof answers them all.
    onSession.stepUp = () =>
      new Promise((answer) => {
        waiting.current.push(answer);
        ask(true);
      });
    onSession.contextChanged = () => {
      keepNotice("context");
      window.location.reload();
    };
    return () => {
      onSession.ended = () => {};
      onSession.stepUp = async () => false;
    };
  }, []);
  const answer = useCallback<Answer>((given) => {
    ask(false);
    for (const each of waiting.current.splice(0)) each(given);
  }, []);
  return (
    <>
      {children}
      {asked ? <StepUp onAnswer={answer} /> : null}
      {locked ? <Lock onOpen={() => lock(false)} /> : null}
    </>
  );
}

/** Over everything; what was typed is still there below. Another person starts clean. */
function Lock({ onOpen }: { readonly onOpen: () => void }) {
  const words = useWords(shellWords);
  const client = useQueryClient();
  const { session } = useSession();
  const before = useRef(session);
  const [visitor, setVisitor] = useState<Session | null>(null);
  const renew = useCallback(async () => setVisitor(await again(before.current)), []);
  useEffect(() => {
    void renew();
  }, [renew]);
  const opened = async () => {
    const now = await again(before.current);
    if (now.person?.id !== before.current.person?.id) {
      keepNotice("other");
      window.location.replace("/console/");
    } else if (!now.context) {
      setVisitor(now);
    } else if (now.context.membership_id !== before.current.context?.membership_id) {
      window.location.replace("/console/");
    } else {
      client.setQueryData(SESSION, now);
      void client.invalidateQueries({ predicate: (query) => query.queryKey !== SESSION });
      onOpen();
    }
  };
  // Signed in again from another tab: nothing to type here.
  const back = visitor?.kind === "professional" && visitor.context != null;
  const latest = useRef(opened);
  latest.current = opened;
  useEffect(() => {
    if (back) void latest.current();
  }, [back]);
  return (
    <Dialog title={words.lockedTitle} onClose={() => {}} mustAct>
      <p>{words.lockedText}</p>
      {visitor && !back ? (
        <SessionProvider session={visitor} onRenew={renew}>
          <Steps onOpen={() => void opened()} />
        </SessionProvider>
      ) : null}
    </Dialog>
  );
}

/** The session of now; the same person gets the hat back that she wore, without being asked. */
async function again(before: Session): Promise<Session> {
  const now = await readSession();
  const worn = before.context?.membership_id;
  const same = now.person !== null && now.person?.id === before.person?.id;
  if (!same || now.context || !now.contexts?.some((each) => each.membership_id === worn)) return now;
  await body(api.PUT("/auth/session/context", { body: { membership_id: worn as string } }));
  return readSession();
}
