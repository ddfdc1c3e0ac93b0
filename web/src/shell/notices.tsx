import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import { api, body, type Schema } from "../api/client";
import { useSession } from "../api/session";
import { useLive, useLiveQuery } from "../live/live";
import { Button } from "../ui/button";
import { Strip } from "../ui/state";
import { useNow } from "../ui/timer";
import { useLanguage, useWords } from "../words/language";
import { clockTime, timeOfDay } from "../words/time";
import { shellWords } from "./words";

type Kept = "context" | "other";
const KEPT = "maillage.notice";
const STALE_MS = 20_000;
const ENDING_MS = 10 * 60_000;

/** Says after the page was opened anew why it was. */
export function keepNotice(kept: Kept): void {
  sessionStorage.setItem(KEPT, kept);
}

function takeNotice(): Kept | null {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return kept === "context" || kept === "other" ? kept : null;
}

/** Sentences above every screen: what is shown is old, calls are simulated, the session or the version ends. */
export function Notices() {
  const words = useWords(shellWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const { connection, since } = useLive();
  const [kept, setKept] = useState(takeNotice);
  const at = useNow(5_000).getTime();
  const training = useTraining();
  const newer = useNewVersion();
  const stale = connection !== "live" && since !== null && at - since.getTime() >= STALE_MS;
  const ends = session.expires_at ? Date.parse(session.expires_at) : Number.POSITIVE_INFINITY;
  return (
    <div className="notices">
      {training ? (
        <section className="training" aria-label={words.training}>
          {words.training}
        </section>
      ) : null}
      {kept ? (
        <Strip
          state="info"
          role="status"
          acts={
            <Button kind="quiet" onClick={() => setKept(null)}>
              {words.understood}
            </Button>
          }
        >
          {kept === "context" ? words.contextChanged : words.lockedOther}
        </Strip>
      ) : null}
      {stale && connection !== "degraded" ? (
        <Strip state="warn" role="status">
          {words.staleSince(clockTime(since, language))}
        </Strip>
      ) : null}
      {ends - at < ENDING_MS && ends > at ? (
        <Strip state="warn" role="status">
          {words.sessionEnds(timeOfDay(new Date(ends), language))}
        </Strip>
      ) : null}
      {newer ? (
        <Strip
          state="info"
          role="status"
          acts={<Button onClick={() => window.location.reload()}>{words.reloadConsole}</Button>}
        >
          {words.newVersion}
        </Strip>
      ) : null}
    </div>
  );
}

/** Whether calls come from a simulated line: the desk says it of one's own lines, the telephone systems to who watches
 *  the floor. */
function useTraining(): boolean {
  const { may } = useSession();
  const mine = useDeskSimulated();
  const adapters = useLiveQuery({
    queryKey: ["telesecretariat", "adapters", "training"],
    queryFn: () => body(api.GET("/api/telesecretariat/v1/telephony/adapters")),
    topics: ["telesecretariat.adapter_*"],
    enabled: may("telesecretariat:floor.supervise", "telesecretariat:floor.watch"),
  });
  return (
    mine || (adapters.data?.items.some((each) => each.kind === "simulated" && each.state === "up") ?? false)
  );
}

/** What the call bar has read anyway: the strip asks for nothing, and waits for nothing. */
function useDeskSimulated(): boolean {
  const client = useQueryClient();
  const subscribe = useCallback((told: () => void) => client.getQueryCache().subscribe(told), [client]);
  return useSyncExternalStore(
    subscribe,
    () =>
      client
        .getQueryData<Schema<"telesecretariat.Desk">>(["telesecretariat", "desk"])
        ?.lines.some((each) => each.simulated) ?? false,
  );
}

/** Whether another build is served than the one that runs; asked when the tab is seen again. */
function useNewVersion(): boolean {
  const [newer, setNewer] = useState(false);
  const [location] = useLocation();
  const calm = !location.startsWith("/station");
  useEffect(() => {
    let first: string | null = null;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const answer = await fetch("/console/index.html", { method: "HEAD", cache: "no-cache" });
        const tag = answer.headers.get("etag") ?? answer.headers.get("last-modified");
        first ??= tag;
        setNewer(tag !== null && first !== null && tag !== first);
      } catch {
        // Without network nothing is newer.
      }
    };
    void ask();
    document.addEventListener("visibilitychange", ask);
    return () => document.removeEventListener("visibilitychange", ask);
  }, []);
  return newer && calm;
}
