import { api, body } from "../api/client";
import type { World } from "./softphone";

const speaker = new Audio();

/** The browser as the softphone meets it. SIP is loaded when it is needed, and never elsewhere. */
export const browser: World = {
  credentials: () => body(api.GET("/api/telesecretariat/v1/agents/me/softphone")),
  line: async () => (await import("./softphone-sip")).sipLine(),
  microphone: (deviceId) => {
    if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
    const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true };
    return navigator.mediaDevices.getUserMedia({
      audio: deviceId === null ? audio : { ...audio, deviceId: { exact: deviceId } },
    });
  },
  play: (voice) => {
    speaker.srcObject = voice;
    if (voice) void speaker.play().catch(() => {});
  },
  later: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
