import { useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect } from "react";
import { Link, Route, Switch } from "wouter";
import { useSession } from "../../api/session";
import { signOut } from "../../shell/gate";
import { Button } from "../../ui/button";
import { Read, Strip } from "../../ui/state";
import { useWords } from "../../words/language";
import { Choose } from "./choose";
import { CodeSheet } from "./codes";
import { NoScanner, readPost } from "./posts";
import { StationScreen } from "./screen";
import { stationWords } from "./words";
import "./station.css";

/** A station's screen, chosen once for the device. */
export default function Station() {
  useLightTheme();
  useEffect(register, []);
  return (
    <Switch>
      <Route path="/station">
        <Choose />
      </Route>
      <Route path="/station/codes">
        <CodeSheet />
      </Route>
      <Route path="/station/:id">{({ id }) => <Opened key={id} id={id} />}</Route>
    </Switch>
  );
}

function Opened({ id }: { readonly id: string }) {
  const words = useWords(stationWords);
  const { session, renew } = useSession();
  const post = useQuery({
    queryKey: ["cooperation", "station", id],
    queryFn: () => readPost(id).catch((error) => (error instanceof NoScanner ? null : Promise.reject(error))),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const leave = async () => {
    await signOut();
    await renew();
  };
  if (post.data)
    return (
      <StationScreen
        post={post.data}
        person={session.person?.display_name ?? ""}
        onLeave={() => void leave()}
      />
    );
  const other = (
    <Link href="/station" className="button">
      {words.changePost}
    </Link>
  );
  return (
    <main className="station-page">
      <h1>{words.title}</h1>
      {post.data === null ? (
        <Strip state="warn" role="status" acts={other}>
          {words.noScanner}
        </Strip>
      ) : (
        <Read of={post}>{() => null}</Read>
      )}
      {post.error ? <Button onClick={() => window.history.back()}>{words.back}</Button> : null}
    </main>
  );
}

/** Stations are light: their rooms are. */
export function useLightTheme(): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    const before = root.dataset.theme;
    const light = () => {
      if (root.dataset.theme !== "light") root.dataset.theme = "light";
    };
    light();
    const kept = new MutationObserver(light);
    kept.observe(root, { attributeFilter: ["data-theme"] });
    return () => {
      kept.disconnect();
      if (before) root.dataset.theme = before;
    };
  }, []);
}

/** The worker that opens a station without a network; it keeps code, never data. */
function register(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  void navigator.serviceWorker
    .register("/console/station/sw.js", { scope: "/console/station/" })
    .then(() => navigator.serviceWorker.ready)
    .then((registration) => {
      const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
      registration.active?.postMessage({ keep: loaded.filter((url) => url.includes("/console/assets/")) });
    })
    .catch(() => {});
}
