import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Suspense, useRef } from "react";
import { Router, useLocation } from "wouter";
import { Refusal } from "./api/refusal";
import { SessionProvider, useSessionQuery } from "./api/session";
import { OfflineStation } from "./areas";
import { ownDrafts } from "./calls/drafts";
import { LiveProvider } from "./live/live";
import { Frame } from "./shell/frame";
import { BEFORE, Gate, isOpen } from "./shell/gate";
import { Guards } from "./shell/guards";
import { Idle } from "./shell/idle";
import { ThemeProvider } from "./shell/theme";
import { Waiting } from "./shell/waiting";
import { ShortcutsProvider } from "./ui/shortcuts";
import { ToastProvider } from "./ui/toast";
import { LanguageProvider } from "./words/language";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal is an answer; only what decided nothing is asked again.
      retry: (count, error) => error instanceof Refusal && error.passing && count < 3,
      refetchOnWindowFocus: false,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

export function App() {
  return (
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <ThemeProvider>
          <ToastProvider>
            <ShortcutsProvider>
              <Router base="/console">
                <Opened />
              </Router>
            </ShortcutsProvider>
          </ToastProvider>
        </ThemeProvider>
      </LanguageProvider>
    </QueryClientProvider>
  );
}

function Opened() {
  const query = useSessionQuery();
  const [location] = useLocation();
  const owner = useRef<string | null>(null);
  const person = query.data?.person?.id;
  if (person && owner.current !== person) {
    // Before any form reads what was typed in this tab.
    owner.current = person;
    ownDrafts(person);
  }
  if (!query.data && query.failureReason && !(query.failureReason as Partial<Refusal>).status) {
    // No answer at all: a station goes on reading, every other screen waits.
    if (location.startsWith("/station/"))
      return (
        <Suspense fallback={null}>
          <OfflineStation error={query.error} retry={() => void query.refetch()} />
        </Suspense>
      );
  }
  if (!query.data) return <Waiting error={query.error} retry={() => void query.refetch()} />;
  return (
    <SessionProvider session={query.data}>
      {isOpen(query.data) && !BEFORE.includes(location) ? (
        <LiveProvider>
          <Guards>
            <Frame />
            {query.data.kind === "professional" ? <Idle /> : null}
          </Guards>
        </LiveProvider>
      ) : (
        <Gate />
      )}
    </SessionProvider>
  );
}
