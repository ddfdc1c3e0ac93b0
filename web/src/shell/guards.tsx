import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { onSession } from "../api/client";
import { readSession, SESSION, SessionProvider, useSession } from "../api/session";
import { Dialog } from "../ui/dialog";
import { useWords } from "../words/language";
import { Steps } from "./gate";
import { StepUp } from "./step-up";
import { shellWords } from "./words";

/**
 * What may come between a person and her screen: the session ended (the page is locked, its forms stay), an act asks
 * for a fresh factor (the same command is then repeated), the context was changed in another tab.
 */
export function Guards({ children }: { readonly children: ReactNode }) {
  const [locked, lock] = useState(false);
  const [asked, setAsked] = useState<((given: boolean) => void) | null>(null);
  useEffect(() => {
    onSession.ended = () => lock(true);
    onSession.stepUp = () =>
      new Promise((answer) => {
        setAsked(() => answer);
      });
    onSession.contextChanged = () => {
      sessionStorage.setItem("maillage.context-changed", "1");
      window.location.reload();
    };
  }, []);
  const answer = useCallback(
    (given: boolean) => {
      asked?.(given);
      setAsked(null);
    },
    [asked],
  );
  return (
    <>
      {children}
      {locked ? <Lock onOpen={() => lock(false)} /> : null}
      {asked ? <StepUp onAnswer={answer} /> : null}
    </>
  );
}

/** Over everything; what was typed is still there below. Another person starts clean. */
function Lock({ onOpen }: { readonly onOpen: () => void }) {
  const words = useWords(shellWords);
  const client = useQueryClient();
  const { session } = useSession();
  const before = useRef(session);
  const [visitor, setVisitor] = useState<Awaited<ReturnType<typeof readSession>> | null>(null);
  useEffect(() => {
    void readSession().then(setVisitor);
  }, []);
  const opened = async () => {
    const now = await readSession();
    const same = now.person?.id === before.current.person?.id;
    if (!same || now.context?.membership_id !== before.current.context?.membership_id) {
      if (same && !now.context) return setVisitor(now);
      window.location.replace("/console/");
      return;
    }
    client.setQueryData(SESSION, now);
    void client.invalidateQueries({ predicate: (query) => query.queryKey !== SESSION });
    onOpen();
  };
  return (
    <Dialog title={words.lockedTitle} onClose={() => {}} mustAct>
      <p>{words.lockedText}</p>
      {visitor ? (
        <SessionProvider session={visitor}>
          <Steps onOpen={() => void opened()} />
        </SessionProvider>
      ) : null}
    </Dialog>
  );
}
