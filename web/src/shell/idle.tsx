import { useEffect, useRef, useState } from "react";
import { lastUse, onSession } from "../api/client";
import { readSession, useSession } from "../api/session";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Timer, useNow } from "../ui/timer";
import { useWords } from "../words/language";
import { clockGap } from "../words/time";
import { shellWords } from "./words";

const WARNED_MS = 120_000;
const USED = "maillage.used";

/** When the session ends unless it is used: every request of any tab counts. Kept short by the session's own end. */
export function idleEnd(until: number, askedAt: number, usedAt: number, expires: number): number {
  const idle = until - askedAt;
  return Math.min(Math.max(until, usedAt + idle), expires);
}

/** Two minutes before an unused session ends: one press keeps it. */
export function Idle() {
  const words = useWords(shellWords);
  const { session } = useSession();
  const [extended, setExtended] = useState(0);
  const at = useNow(5_000).getTime();
  const asked = useRef(Date.now());
  // biome-ignore lint/correctness/useExhaustiveDependencies: a session read again was asked for now
  useEffect(() => {
    asked.current = Date.now();
  }, [session]);
  const gap = clockGap();
  const used = Math.max(lastUse(), usedElsewhere(lastUse()), extended);
  const end = session.idle_until
    ? idleEnd(
        Date.parse(session.idle_until),
        asked.current + gap,
        used + gap,
        Date.parse(session.expires_at ?? session.idle_until),
      )
    : Number.POSITIVE_INFINITY;
  const over = at >= end;
  useEffect(() => {
    if (!over) return;
    void readSession()
      .then((now) => {
        if (now.kind !== "professional") onSession.ended(null);
      })
      .catch(() => {});
  }, [over]);
  const expires = session.expires_at ? Date.parse(session.expires_at) : Number.POSITIVE_INFINITY;
  if (over || end - at > WARNED_MS || end >= expires) return null;
  const stay = async () => {
    try {
      await readSession();
      setExtended(Date.now());
    } catch {
      // Without answer the dialog stays: the time is still running.
    }
  };
  return (
    <Dialog
      title={words.idleTitle}
      onClose={() => void stay()}
      foot={
        <Button kind="primary" onClick={() => void stay()}>
          {words.idleStay}
        </Button>
      }
    >
      <p>
        {words.idleText} <Timer until={new Date(end).toISOString()} />
      </p>
    </Dialog>
  );
}

/** Tabs tell each other when they were used: only an instant is kept. */
function usedElsewhere(own: number): number {
  const kept = Number(localStorage.getItem(USED) ?? 0);
  if (own - kept > 10_000) localStorage.setItem(USED, String(own));
  return kept > Date.now() ? 0 : kept;
}
