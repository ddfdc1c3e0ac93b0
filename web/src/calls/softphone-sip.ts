import JsSIP from "jssip";
import type { Credentials, Fact, PhoneLine } from "./softphone";

type Session = import("jssip/lib/RTCSession").RTCSession;

/** SIP over WebSocket: registers, takes one call at a time. The library is loaded with this file alone. */
class SipLine implements PhoneLine {
  private agent: import("jssip").UA | null = null;
  private session: Session | null = null;

  start(credentials: Credentials, tell: (fact: Fact) => void): void {
    // Its log would hold the answers to challenges.
    (JsSIP.debug as unknown as { disable(): void }).disable();
    const agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(credentials.url)],
      uri: credentials.uri,
      authorization_user: credentials.user,
      password: credentials.password,
      register_expires: 120,
      connection_recovery_max_interval: 10,
      user_agent: "Maillage",
    });
    this.agent = agent;
    agent.on("registered", () => tell({ kind: "registered" }));
    agent.on("unregistered", () => tell({ kind: "unregistered" }));
    agent.on("disconnected", () => tell({ kind: "unregistered" }));
    agent.on("registrationFailed", (failed: { response?: { status_code?: number } }) => {
      const denied = [401, 403, 407].includes(failed.response?.status_code ?? 0);
      tell({ kind: denied ? "denied" : "unregistered" });
    });
    agent.on("newRTCSession", (told: { originator: string; session: Session }) => {
      if (told.originator === "remote") this.takes(told.session, tell);
    });
    agent.start();
  }

  private takes(session: Session, tell: (fact: Fact) => void): void {
    if (this.session) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    const over = () => {
      if (this.session !== session) return;
      this.session = null;
      tell({ kind: "ended" });
    };
    session.on("peerconnection", (made: { peerconnection: RTCPeerConnection }) => {
      made.peerconnection.addEventListener("track", ({ streams: [voice] }) => {
        if (voice) tell({ kind: "heard", voice });
      });
    });
    session.on("accepted", () => tell({ kind: "answered" }));
    session.on("ended", over);
    session.on("failed", over);
    tell({ kind: "rings" });
  }

  renew(credentials: Credentials): void {
    this.agent?.set("authorization_user", credentials.user);
    this.agent?.set("password", credentials.password);
    this.agent?.register();
  }

  answer(voice: MediaStream): void {
    this.session?.answer({ mediaStream: voice });
  }

  hangUp(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  replace(voice: MediaStream): void {
    const track = voice.getAudioTracks()[0] ?? null;
    for (const sender of this.session?.connection?.getSenders() ?? []) {
      if (sender.track?.kind === "audio" || sender.track === null) void sender.replaceTrack(track);
    }
  }

  stop(): void {
    this.hangUp();
    this.agent?.stop();
    this.agent = null;
  }
}

export function sipLine(): PhoneLine {
  return new SipLine();
}
