import { useEffect, useState } from "react";
import { now, stopwatch } from "../words/time";

/** The server's present instant, again every so many ms while the component is shown. */
export function useNow(everyMs = 1000): Date {
  const [at, set] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => set(now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return at;
}

/** What has run since an instant, or is left until one: « 2:05 ». Not read out each second. */
export function Timer({ since, until }: { readonly since?: string; readonly until?: string }) {
  const at = useNow().getTime();
  const seconds =
    since !== undefined ? (at - Date.parse(since)) / 1000 : (Date.parse(until ?? "") - at) / 1000;
  return <span role="timer">{stopwatch(seconds)}</span>;
}
