import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useMemo } from "react";
import { setServerNow } from "../words/time";
import { api, body, type Schema, setIdentity } from "./client";

export type Session = Schema<"gateway.SessionOut">;
export const SESSION = ["gateway", "session"] as const;

interface Who {
  readonly session: Session;
  /** Whether the account holds one of these permissions, full names such as `telesecretariat:call.handle`. */
  readonly may: (...permissions: readonly string[]) => boolean;
  /** Reads the session again, after a sign-in, a change of context or a sign-out. */
  readonly renew: () => Promise<void>;
}

const Context = createContext<Who | null>(null);

/** Reads one's own session; the token against foreign sites and the context go with every later request. */
export async function readSession(): Promise<Session> {
  const session = await body(api.GET("/auth/session"));
  setIdentity({ csrf: session.csrf_token, membership: session.context?.membership_id ?? "" });
  setServerNow(session.now);
  return session;
}

export function useSessionQuery() {
  return useQuery({ queryKey: SESSION, queryFn: readSession, staleTime: Number.POSITIVE_INFINITY });
}

export function SessionProvider({
  session,
  onRenew,
  children,
}: {
  readonly session: Session;
  /** Reads the session for this part alone: over a locked page the screens below keep theirs until it is open. */
  readonly onRenew?: () => Promise<void>;
  readonly children: ReactNode;
}) {
  const client = useQueryClient();
  const renew = useCallback(async () => {
    if (onRenew) await onRenew();
    else await client.fetchQuery({ queryKey: SESSION, queryFn: readSession, staleTime: 0 });
  }, [client, onRenew]);
  const value = useMemo<Who>(
    () => ({ session, renew, may: (...names) => names.some((name) => name in session.permissions) }),
    [session, renew],
  );
  return <Context value={value}>{children}</Context>;
}

/** Who is signed in, and what the screens may show. Services decide what is true. */
export function useSession(): Who {
  const who = useContext(Context);
  if (!who) throw new Error("useSession stands outside SessionProvider");
  return who;
}
