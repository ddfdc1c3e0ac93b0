import { useSyncExternalStore } from "react";
import type { Mark } from "./softphone";

const CHANNEL = "maillage-softphone";
const WINDOW = "maillage-softphone";
const PATH = "/console/desk/softphone";

type Said =
  | { readonly kind: "ask" }
  | { readonly kind: "is"; readonly mark: Mark }
  | { readonly kind: "gone" };
export type Seen = Mark | "missing";

/** What the desk knows of the telephone's window: it tells each change, answers when asked, says when it closes. */
class SoftphoneLink {
  private seen: Seen = "missing";
  private answered = false;
  private channel: BroadcastChannel | null = null;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    if (!this.channel) {
      this.channel = new BroadcastChannel(CHANNEL);
      this.channel.onmessage = ({ data }: MessageEvent<Said>) => {
        if (data.kind === "ask") return;
        this.answered = data.kind === "is";
        this.see(data.kind === "is" ? data.mark : "missing");
      };
      this.ask();
    }
    return () => this.listeners.delete(listener);
  };
  readonly read = () => this.seen;

  /** Every ten seconds, with the desk's sign of life: a window that was killed does not say that it is gone. */
  tick(): void {
    if (!this.channel) return;
    if (!this.answered) this.see("missing");
    this.ask();
  }

  /** Whether it can be rung. */
  get ready(): boolean {
    return this.seen === "ready" || this.seen === "in_call";
  }

  private ask(): void {
    this.answered = false;
    this.channel?.postMessage({ kind: "ask" } satisfies Said);
  }

  private see(seen: Seen): void {
    if (seen === this.seen) return;
    this.seen = seen;
    for (const listener of this.listeners) listener();
  }
}

export const softphoneLink = new SoftphoneLink();

export function useSoftphoneLink(): Seen {
  return useSyncExternalStore(softphoneLink.subscribe, softphoneLink.read);
}

/** Opens the telephone's window, or shows the one that is open: never loads it again, for a call may live in it. */
export function openSoftphone(): boolean {
  const opened = window.open("", WINDOW, "popup,width=400,height=620");
  if (!opened) return false;
  if (opened.location.pathname !== PATH) opened.location.href = PATH;
  opened.focus();
  return true;
}

/** The telephone's side: tells the desk how it is. Returns how to stop. */
export function tellDesk(mark: () => Mark, subscribe: (listener: () => void) => () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  let last: Mark | null = null;
  const tell = (asked: boolean) => {
    const now = mark();
    if (!asked && now === last) return;
    last = now;
    channel.postMessage({ kind: "is", mark: now } satisfies Said);
  };
  const gone = () => channel.postMessage({ kind: "gone" } satisfies Said);
  channel.onmessage = ({ data }: MessageEvent<Said>) => data.kind === "ask" && tell(true);
  window.addEventListener("pagehide", gone);
  const leave = subscribe(() => tell(false));
  tell(true);
  return () => {
    leave();
    window.removeEventListener("pagehide", gone);
    gone();
    channel.close();
  };
}
