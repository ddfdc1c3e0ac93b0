import { EVENTS } from "../api/events";

/** A fact as the stream says it: what happened to what; never the state of a screen. */
export interface Fact {
  /** Without its version, such as `telesecretariat.call_answered`. */
  readonly type: string;
  readonly id: string;
  readonly version: number | null;
  readonly organisation_id: string;
  readonly occurred_at: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** `live`: facts come. `reconnecting`: nothing was heard for 20 s, or the connection is being made. `degraded`: the
 *  door's broker is away, lists are asked for every 5 s. `offline`: the browser has no network. */
export type Connection = "live" | "reconnecting" | "degraded" | "offline";

export type Said =
  | { readonly kind: "fact"; readonly fact: Fact }
  | { readonly kind: "ready"; readonly at: number }
  | { readonly kind: "resync" }
  | { readonly kind: "connection"; readonly connection: Connection }
  | { readonly kind: "bye"; readonly reason: string };

export type Listener = (said: Said) => void;

const SILENCE_MS = 20_000;
const AGAIN_MS = 3_000;

/**
 * The live stream, opened once per browser: the tab that holds the lock reads it and tells the others. Without Web
 * Locks every tab reads for itself. Another context is another channel: nothing crosses from one hat to another.
 */
export function openStream(membership: string, listener: Listener): () => void {
  const name = `maillage-stream-${membership}`;
  const channel = new BroadcastChannel(name);
  const ended = new AbortController();
  let last: Connection = "reconnecting";
  const hear = (said: Said) => {
    if (said.kind === "connection") {
      if (said.connection === last) return;
      last = said.connection;
    }
    listener(said);
  };
  let leads = false;
  channel.onmessage = (event: MessageEvent<Said | { kind: "hello" }>) => {
    if (event.data.kind !== "hello") hear(event.data);
    else if (leads) channel.postMessage({ kind: "connection", connection: last });
  };
  const lead = () => {
    leads = true;
    return readStream((said) => {
      hear(said);
      channel.postMessage(said);
    }, ended.signal);
  };
  if ("locks" in navigator) {
    navigator.locks.request(name, { signal: ended.signal }, lead).catch(() => {});
    channel.postMessage({ kind: "hello" });
  } else {
    void lead();
  }
  const offline = () => hear({ kind: "connection", connection: "offline" });
  const online = () => hear({ kind: "connection", connection: "reconnecting" });
  window.addEventListener("offline", offline);
  window.addEventListener("online", online);
  return () => {
    ended.abort();
    channel.close();
    window.removeEventListener("offline", offline);
    window.removeEventListener("online", online);
  };
}

/** Reads until told to stop. The browser opens the stream again by itself, with the last position; when it gives up
 *  (an answer that is no stream, such as 401 or 429) we ask again more slowly. */
async function readStream(tell: Listener, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await new Promise<void>((over) => {
      const source = new EventSource("/api/stream");
      let heard = Date.now();
      const alive = () => {
        heard = Date.now();
      };
      const silence = setInterval(() => {
        if (Date.now() - heard > SILENCE_MS + 5_000) tell({ kind: "connection", connection: "reconnecting" });
      }, 1_000);
      const end = () => {
        clearInterval(silence);
        source.close();
        over();
      };
      signal.addEventListener("abort", end, { once: true });
      source.addEventListener("ready", () => {
        alive();
        tell({ kind: "ready", at: Date.now() });
        tell({ kind: "connection", connection: "live" });
      });
      source.addEventListener("resync", () => {
        alive();
        tell({ kind: "resync" });
      });
      source.addEventListener("degraded", () => {
        alive();
        tell({ kind: "connection", connection: "degraded" });
      });
      source.addEventListener("bye", (event) => {
        tell({ kind: "bye", reason: String(JSON.parse(event.data).reason) });
      });
      source.addEventListener("beat", alive);
      for (const event of EVENTS) {
        source.addEventListener(event, (message) => {
          alive();
          tell({ kind: "fact", fact: { ...JSON.parse(message.data), type: event } });
        });
      }
      source.onopen = alive;
      source.onerror = () => {
        tell({ kind: "connection", connection: navigator.onLine ? "reconnecting" : "offline" });
        if (source.readyState === EventSource.CLOSED) end();
      };
    });
    if (!signal.aborted) await new Promise((later) => setTimeout(later, AGAIN_MS));
  }
}
