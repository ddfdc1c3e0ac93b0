import type { Schema } from "../api/client";
import { Refusal } from "../api/refusal";
import { now } from "../words/time";

export type Credentials = Schema<"telesecretariat.Softphone">;

/** What a telephone line tells. `denied`: the telephone system does not take these credentials (any more). */
export type Fact =
  | { readonly kind: "registered" | "unregistered" | "denied" | "rings" | "answered" | "ended" }
  | { readonly kind: "heard"; readonly voice: MediaStream };

/** A telephone line, as the softphone uses one: SIP in a browser, or the fake of the tests. */
export interface PhoneLine {
  /** Registers and stays registered; what happens is told. */
  start(credentials: Credentials, tell: (fact: Fact) => void): void;
  /** Other credentials, for the registrations to come. */
  renew(credentials: Credentials): void;
  answer(voice: MediaStream): void;
  hangUp(): void;
  /** Another microphone, also in a conversation. */
  replace(voice: MediaStream): void;
  stop(): void;
}

/** What it needs of the world; each part is replaced in tests. */
export interface World {
  readonly credentials: () => Promise<Credentials>;
  readonly line: () => Promise<PhoneLine>;
  /** The microphone, of this device or the one that the browser chooses. Throws what `getUserMedia` throws. */
  readonly microphone: (deviceId: string | null) => Promise<MediaStream>;
  readonly play: (voice: MediaStream | null) => void;
  readonly later: (ms: number, then: () => void) => () => void;
}

export type Registration = "off" | "connecting" | "ready" | "lost";
export type Microphone = "unknown" | "asking" | "given" | "refused" | "missing";

export interface Phone {
  readonly registration: Registration;
  readonly lostSince: string | null;
  readonly talk: "none" | "ringing" | "talking";
  readonly since: string | null;
  readonly microphone: Microphone;
  readonly voice: MediaStream | null;
  readonly muted: boolean;
  readonly refusal: Refusal | null;
}

/** What the bar of the desk shows of it. */
export type Mark = "starting" | "ready" | "in_call" | "lost" | "no_microphone";

const SILENT: Phone = {
  registration: "off",
  lostSince: null,
  talk: "none",
  since: null,
  microphone: "unknown",
  voice: null,
  muted: false,
  refusal: null,
};
const AGAIN_MS = 5_000;
const BEFORE_THE_END_MS = 120_000;

/**
 * The telephone in a browser: it registers for the post, answers by itself the call that was taken at the desk, and
 * says when it cannot. It outlives every screen of its window, and the desk's window too.
 */
export class Softphone {
  private phone: Phone = SILENT;
  private line: PhoneLine | null = null;
  private expected = false;
  private running = false;
  private forget = () => {};
  private readonly listeners = new Set<() => void>();

  constructor(private readonly world: World) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = () => this.phone;

  /** The post is open: microphone first, for a call without one is worth nothing; then it registers. */
  async start(device: string | null): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.set({ ...SILENT, registration: "connecting" });
    await this.listen(device);
  }

  /** With this microphone from now on; also tried again after it was refused. */
  async listen(device: string | null): Promise<void> {
    if (this.phone.microphone !== "given") this.set({ microphone: "asking" });
    try {
      const voice = await this.world.microphone(device);
      if (!this.running) return end(voice);
      end(this.phone.voice);
      for (const track of voice.getAudioTracks()) track.enabled = !this.phone.muted;
      this.set({ voice, microphone: "given" });
      this.line?.replace(voice);
      if (!this.line) await this.register();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (device !== null && error.name === "OverconstrainedError") return this.listen(null);
      this.set({ microphone: error.name === "NotAllowedError" ? "refused" : "missing" });
    }
  }

  /** The desk has a call of its own, or is asked about a colleague's: the ring that comes is that call's. */
  expect(on: boolean): void {
    this.expected = on;
    if (on && this.phone.talk === "ringing") this.answer();
  }

  answer(): void {
    if (this.phone.talk === "ringing" && this.phone.voice) this.line?.answer(this.phone.voice);
  }

  hangUp(): void {
    if (this.phone.talk !== "none") this.line?.hangUp();
  }

  mute(on: boolean): void {
    for (const track of this.phone.voice?.getAudioTracks() ?? []) track.enabled = !on;
    this.set({ muted: on });
  }

  /** The post is closed. Nothing stays: no registration, no microphone. */
  stop(): void {
    if (!this.running) return;
    this.running = false;
    this.forget();
    this.line?.stop();
    this.line = null;
    end(this.phone.voice);
    this.world.play(null);
    this.set(SILENT);
  }

  private async register(): Promise<void> {
    let credentials: Credentials;
    try {
      credentials = await this.world.credentials();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.set({ registration: "lost", refusal: error, lostSince: this.phone.lostSince ?? at() });
      if (this.running) this.plan(AGAIN_MS);
      return;
    }
    if (!this.running) return;
    if (this.line) this.line.renew(credentials);
    else {
      const line = await this.world.line();
      if (!this.running) return;
      this.line = line;
      line.start(credentials, (fact) => this.hear(fact));
    }
    this.set({ refusal: null });
    this.plan(Math.max(AGAIN_MS, Date.parse(credentials.until) - now().getTime() - BEFORE_THE_END_MS));
  }

  private plan(ms: number): void {
    this.forget();
    this.forget = this.world.later(ms, () => void this.register());
  }

  private hear(fact: Fact): void {
    if (!this.running) return;
    switch (fact.kind) {
      case "registered":
        this.set({ registration: "ready", lostSince: null });
        break;
      case "denied":
      case "unregistered":
        // Other credentials may do; a cut mends itself.
        if (fact.kind === "denied") this.plan(AGAIN_MS);
        this.set({ registration: "lost", lostSince: this.phone.lostSince ?? at() });
        break;
      case "rings":
        this.set({ talk: "ringing", since: at() });
        if (this.expected) this.answer();
        break;
      case "answered":
        this.set({ talk: "talking", since: at() });
        break;
      case "heard":
        this.world.play(fact.voice);
        break;
      case "ended":
        this.world.play(null);
        // The next caller is heard: a silence that one has forgotten would cost the call.
        this.mute(false);
        this.set({ talk: "none", since: null });
    }
  }

  private set(changed: Partial<Phone>): void {
    this.phone = { ...this.phone, ...changed };
    for (const listener of this.listeners) listener();
  }
}

export function markOf(phone: Phone): Mark {
  if (phone.microphone === "refused" || phone.microphone === "missing") return "no_microphone";
  if (phone.talk === "talking") return "in_call";
  if (phone.registration === "ready") return "ready";
  return phone.registration === "lost" ? "lost" : "starting";
}

function at(): string {
  return now().toISOString();
}

function end(voice: MediaStream | null): void {
  for (const track of voice?.getTracks() ?? []) track.stop();
}
