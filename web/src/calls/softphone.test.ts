import { describe, expect, it } from "vitest";
import { noAnswer } from "../api/refusal";
import { markOf, Softphone, type World } from "./softphone";
import { FakeLine } from "./softphone-fake";

const voice = () => {
  const track = { enabled: true, stopped: false, stop: () => {} };
  track.stop = () => {
    track.stopped = true;
  };
  return {
    track,
    stream: { getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream,
  };
};

function made(changed: Partial<World> = {}) {
  const line = new FakeLine();
  const planned: (() => void)[] = [];
  const mine = voice();
  let turn = 0;
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const phone = new Softphone({
    credentials: async () => {
      turn += 1;
      return { url: "wss://x", uri: "sip:a@x", user: `${turn}`, password: "p", until };
    },
    line: async () => line,
    microphone: async () => mine.stream,
    play: () => {},
    later: (_ms, then) => {
      planned.push(then);
      return () => {};
    },
    ...changed,
  });
  return { phone, line, planned, track: mine.track };
}
const settled = () => new Promise((done) => setTimeout(done, 0));

describe("the telephone in a browser", () => {
  it("registers once the microphone is given, and is ready when the line says so", async () => {
    const { phone, line } = made();
    await phone.start(null);
    expect(line.asked).toEqual(["start 1"]);
    expect(markOf(phone.read())).toBe("starting");
    line.says("registered");
    expect(markOf(phone.read())).toBe("ready");
  });

  it("answers by itself what the desk has taken, and nothing else", async () => {
    const { phone, line } = made();
    await phone.start(null);
    line.says("registered");
    line.says("rings");
    expect(phone.read().talk).toBe("ringing");
    expect(line.asked).not.toContain("answer");
    phone.expect(true);
    expect(phone.read().talk).toBe("talking");
    line.says("ended");
    line.says("rings");
    expect(phone.read().talk).toBe("talking");
  });

  it("is heard again by the next caller after it was muted", async () => {
    const { phone, line, track } = made();
    await phone.start(null);
    phone.expect(true);
    line.says("rings");
    phone.mute(true);
    expect(track.enabled).toBe(false);
    phone.hangUp();
    expect([phone.read().talk, phone.read().muted, track.enabled]).toEqual(["none", false, true]);
  });

  it("says when it is lost, and keeps since when until it is back", async () => {
    const { phone, line } = made();
    await phone.start(null);
    line.says("registered");
    line.says("unregistered");
    const since = phone.read().lostSince;
    line.says("unregistered");
    expect([markOf(phone.read()), phone.read().lostSince]).toEqual(["lost", since]);
    line.says("registered");
    expect([markOf(phone.read()), phone.read().lostSince]).toEqual(["ready", null]);
  });

  it("asks for other credentials when those it has are not taken, and before they end", async () => {
    const { phone, line, planned } = made();
    await phone.start(null);
    line.says("denied");
    planned.at(-1)?.();
    await settled();
    expect(line.asked).toEqual(["start 1", "renew 2"]);
    planned.at(-1)?.();
    await settled();
    expect(line.asked.at(-1)).toBe("renew 3");
  });

  it("does not register without a microphone, and does once it is allowed", async () => {
    let allowed = false;
    const { stream } = voice();
    const { phone, line } = made({
      microphone: async () => {
        if (!allowed) throw new DOMException("", "NotAllowedError");
        return stream;
      },
    });
    await phone.start(null);
    expect([markOf(phone.read()), line.asked]).toEqual(["no_microphone", []]);
    allowed = true;
    await phone.listen(null);
    expect(line.asked).toEqual(["start 1"]);
  });

  it("tries again when credentials cannot be read, and leaves nothing when the post is closed", async () => {
    let answers = false;
    const { phone, line, planned, track } = made({
      credentials: async () => {
        if (!answers) throw noAnswer();
        return { url: "wss://x", uri: "sip:a@x", user: "u", password: "p", until: new Date().toISOString() };
      },
    });
    await phone.start(null);
    expect(markOf(phone.read())).toBe("lost");
    answers = true;
    planned.at(-1)?.();
    await settled();
    line.says("registered");
    expect(markOf(phone.read())).toBe("ready");
    phone.stop();
    expect([line.asked.at(-1), track.stopped, phone.read().registration]).toEqual(["stop", true, "off"]);
    line.says("rings");
    expect(phone.read().talk).toBe("none");
  });
});
