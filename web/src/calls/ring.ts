import { useEffect } from "react";

const MUTED = "maillage.ring-off";

export function isMuted(): boolean {
  return localStorage.getItem(MUTED) === "1";
}

export function mute(off: boolean): void {
  localStorage.setItem(MUTED, off ? "1" : "0");
}

let context: AudioContext | null = null;

/** One ring: two tones. Browsers allow sound only after a first press on the page; before, nothing is heard. */
function ring(): void {
  if (isMuted() || !("AudioContext" in window) || !navigator.userActivation?.hasBeenActive) return;
  context ??= new AudioContext();
  void context.resume();
  const begins = context.currentTime;
  for (const [at, pitch] of [
    [0, 660],
    [0.22, 880],
  ] as const) {
    const tone = context.createOscillator();
    const loud = context.createGain();
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0, begins + at);
    loud.gain.linearRampToValueAtTime(0.2, begins + at + 0.02);
    loud.gain.linearRampToValueAtTime(0, begins + at + 0.2);
    tone.connect(loud).connect(context.destination);
    tone.start(begins + at);
    tone.stop(begins + at + 0.22);
  }
}

/** Rings every two seconds while something waits to be answered, and says so in the tab's title, without a name. */
export function useRinging(ringing: boolean, says: string): void {
  useEffect(() => {
    if (!ringing) return;
    const before = document.title;
    document.title = `● ${says}`;
    ring();
    const timer = setInterval(ring, 2_000);
    return () => {
      clearInterval(timer);
      if (document.title === `● ${says}`) document.title = before;
    };
  }, [ringing, says]);
}
