import {
  type Query,
  type QueryClient,
  type QueryKey,
  type UseQueryOptions,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { onSession } from "../api/client";
import { useSession } from "../api/session";
import { now } from "../words/time";
import { type Connection, type Fact, openStream } from "./stream";
import { matches, type Topic } from "./topics";

const GATHER_MS = 100;
const DEGRADED_MS = 5_000;
/** What one service has heard of another is true a moment after the event: such a list is read once more then. */
const COPY_MS = 1_500;

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: {
      /** The events after which this list is no longer true. */
      readonly topics?: readonly Topic[];
      /** Only facts of this aggregate concern it. */
      readonly about?: string;
      /** It is read again at most so often, in ms, however much happens. */
      readonly atMostEvery?: number;
      /** Read at once, not gathered: recalls, holds. */
      readonly urgent?: boolean;
    };
  }
}

interface Live {
  readonly connection: Connection;
  /** Since when nothing is heard; null while the stream lives. */
  readonly since: Date | null;
  /** Hears every fact, for what is not a list: sounds, a notice. Returns how to stop. */
  readonly hear: (listener: (fact: Fact) => void) => () => void;
}

const Context = createContext<Live>({ connection: "reconnecting", since: null, hear: () => () => {} });

/**
 * Keeps what is on screen true: an event invalidates the lists that say they depend on it, gathered for 100 ms, and
 * nothing else. Lists of a hidden tab are read when it is seen again. A healthy stream means no polling.
 */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const { session } = useSession();
  const membership = session.context?.membership_id ?? "";
  const [connection, setConnection] = useState<Connection>("reconnecting");
  const [since, setSince] = useState<Date | null>(now);
  const listeners = useRef(new Set<(fact: Fact) => void>());

  useEffect(() => {
    if (!membership) return;
    const stale = new Gatherer(client);
    const close = openStream(membership, (said) => {
      if (said.kind === "fact") {
        stale.add(said.fact);
        for (const listener of listeners.current) listener(said.fact);
      } else if (said.kind === "ready") {
        stale.before(said.at);
      } else if (said.kind === "resync") {
        stale.all();
      } else if (said.kind === "bye") {
        // Another tab signed out, or an administrator ended it: what is half typed here stays, behind the lock.
        if (said.reason === "signed_out") onSession.ended(null);
        else if (said.reason === "context_changed") onSession.contextChanged();
      } else {
        setConnection(said.connection);
        setSince((known) => (said.connection === "live" ? null : (known ?? now())));
      }
    });
    return () => {
      close();
      stale.end();
    };
  }, [client, membership]);

  useEffect(() => {
    if (connection !== "degraded") return;
    const timer = setInterval(() => {
      void client.invalidateQueries({ predicate: isLive });
    }, DEGRADED_MS);
    return () => clearInterval(timer);
  }, [client, connection]);

  const value = useMemo<Live>(
    () => ({
      connection,
      since,
      hear: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [connection, since],
  );
  return <Context value={value}>{children}</Context>;
}

export function useLive(): Live {
  return useContext(Context);
}

/** Hears facts of some topics for as long as the component is shown. */
export function useFacts(topics: readonly Topic[], listener: (fact: Fact) => void): void {
  const { hear } = useLive();
  const latest = useRef({ topics, listener });
  latest.current = { topics, listener };
  useEffect(
    () => hear((fact) => matches(latest.current.topics, fact.type) && latest.current.listener(fact)),
    [hear],
  );
}

type LiveOptions<T> = Omit<UseQueryOptions<T, Error, T, QueryKey>, "meta" | "staleTime"> & {
  readonly topics: readonly Topic[];
  readonly about?: string;
  readonly atMostEvery?: number;
  readonly urgent?: boolean;
};

/** A list or a record that stays true while it is shown, because the stream says when it changed. */
export function useLiveQuery<T>({
  topics,
  about,
  atMostEvery,
  urgent,
  ...options
}: LiveOptions<T>): UseQueryResult<T> {
  const meta = {
    topics,
    ...(about === undefined ? {} : { about }),
    ...(atMostEvery === undefined ? {} : { atMostEvery }),
    ...(urgent === undefined ? {} : { urgent }),
  };
  return useQuery<T, Error, T, QueryKey>({ ...options, staleTime: Number.POSITIVE_INFINITY, meta });
}

function isLive(query: Query): boolean {
  return query.meta?.topics !== undefined;
}

function concerns(query: Query, fact: Fact): boolean {
  const { topics, about } = query.meta ?? {};
  if (!topics || !matches(topics, fact.type)) return false;
  return about === undefined || about === fact.id || Object.values(fact.facts).includes(about);
}

/** Facts of the last 100 ms, and what they make stale. */
export class Gatherer {
  private facts: Fact[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly later = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly client: QueryClient) {}

  add(fact: Fact): void {
    const urgent = this.queries().filter((query) => query.meta?.urgent && concerns(query, fact));
    for (const query of urgent) this.read(query);
    this.facts.push(fact);
    this.timer ??= setTimeout(() => this.gather(), GATHER_MS);
  }

  /** What was read before the stream was open may have missed something. */
  before(instant: number): void {
    for (const query of this.queries()) {
      if (isLive(query) && query.state.dataUpdatedAt < instant) this.read(query);
    }
  }

  all(): void {
    void this.client.invalidateQueries({ predicate: isLive });
  }

  end(): void {
    if (this.timer) clearTimeout(this.timer);
    for (const timer of this.later.values()) clearTimeout(timer);
  }

  private gather(): void {
    this.timer = null;
    const facts = this.facts;
    this.facts = [];
    for (const query of this.queries()) {
      const own = facts.filter((fact) => concerns(query, fact));
      if (own.length > 0) this.soon(query);
      if (own.some((fact) => !fact.type.startsWith(`${String(query.queryKey[0])}.`))) this.copied(query);
    }
  }

  private soon(query: Query): void {
    const pause = query.meta?.atMostEvery ?? 0;
    const wait = query.state.dataUpdatedAt + pause - Date.now();
    if (wait <= 0) this.read(query);
    else if (!this.later.has(query.queryHash)) {
      const timer = setTimeout(() => {
        this.later.delete(query.queryHash);
        this.read(query);
      }, wait);
      this.later.set(query.queryHash, timer);
    }
  }

  private copied(query: Query): void {
    const key = `copied ${query.queryHash}`;
    const known = this.later.get(key);
    if (known) clearTimeout(known);
    const timer = setTimeout(() => {
      this.later.delete(key);
      this.read(query);
    }, COPY_MS);
    this.later.set(key, timer);
  }

  private read(query: Query): void {
    void this.client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  }

  private queries(): Query[] {
    return this.client.getQueryCache().findAll();
  }
}
