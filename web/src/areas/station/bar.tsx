import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useLive } from "../../live/live";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { clockGap } from "../../words/time";
import type { Post } from "./posts";
import { stationWords } from "./words";

const WRONG_MS = 5 * 60_000;

/** Whether the browser has a network at all; the stream says whether the server is heard. */
export function useOnline(): boolean {
  const [online, set] = useState(navigator.onLine);
  useEffect(() => {
    const tell = () => set(navigator.onLine);
    window.addEventListener("online", tell);
    window.addEventListener("offline", tell);
    return () => {
      window.removeEventListener("online", tell);
      window.removeEventListener("offline", tell);
    };
  }, []);
  return online;
}

interface Props {
  readonly post: Post;
  readonly title: string;
  readonly person: string | null;
  readonly waiting: number | null;
  readonly onLeave?: (() => void) | undefined;
}

/** Step, machine, person, connection, what waits: always in sight. */
export function Bar({ post, title, person, waiting, onLeave }: Props) {
  const words = useWords(stationWords);
  const online = useOnline();
  const { connection } = useLive();
  const live = online && connection === "live";
  const state = !online || connection === "offline" ? "offline" : live ? "live" : "trying";
  return (
    <header className="station-bar">
      <div>
        <strong className="station-step">{title}</strong>
        <span className="muted">{post.siteName}</span>
      </div>
      <div className="row" role="status">
        <Badge state={state === "live" ? "ok" : state === "offline" ? "danger" : "warn"}>
          {words.connection[state]}
        </Badge>
        {waiting === null ? null : (
          <Badge state={waiting > 0 ? "warn" : "neutral"}>{words.waiting(waiting)}</Badge>
        )}
        {Math.abs(clockGap()) > WRONG_MS && person !== null ? (
          <Badge state="warn">{words.clock}</Badge>
        ) : null}
      </div>
      <div className="row">
        <span className="station-person">{person ?? words.unknownPerson}</span>
        {onLeave ? (
          <Button className="station-target" onClick={onLeave}>
            {words.changePerson}
          </Button>
        ) : null}
        <Link href="/station" className="button station-target">
          {words.changePost}
        </Link>
      </div>
    </header>
  );
}
