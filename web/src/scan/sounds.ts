/** Sounds of a station: each result has its own, so that eyes may stay on the hands. Nothing is loaded. */
export type Sound = "ok" | "checked" | "wait" | "refused" | "stop";

/** Frequencies in Hz, one after the other, each so long in s. */
const NOTES: Readonly<Record<Sound, readonly (readonly [number, number])[]>> = {
  ok: [[1_318, 0.09]],
  checked: [
    [988, 0.07],
    [1_318, 0.09],
  ],
  wait: [
    [660, 0.12],
    [660, 0.12],
  ],
  refused: [
    [220, 0.18],
    [165, 0.3],
  ],
  stop: [
    [880, 0.25],
    [440, 0.25],
    [880, 0.25],
    [440, 0.25],
  ],
};

let context: AudioContext | null = null;

/** Plays one; silent where the browser has no sound or asks for a press first. */
export function play(sound: Sound): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    let at = context.currentTime;
    for (const [frequency, seconds] of NOTES[sound]) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.type = sound === "stop" || sound === "refused" ? "square" : "sine";
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.25, at);
      volume.gain.setTargetAtTime(0, at + seconds * 0.8, 0.02);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + seconds);
      at += seconds + 0.03;
    }
  } catch {
    // Word, shape and colour say the same.
  }
}

/** Again and again until stopped. */
export function alarm(): () => void {
  play("stop");
  const timer = setInterval(() => play("stop"), 1_600);
  return () => clearInterval(timer);
}
