import { useEffect, useRef } from "react";

/** How loud the microphone is: five times a second, without a drawing of its own. */
export function Meter({ voice, label }: { readonly voice: MediaStream; readonly label: string }) {
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (voice.getAudioTracks().length === 0) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const source = context.createMediaStreamSource(voice);
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
      // Speech is quiet in figures: 60 dB are the whole bar.
      const level = power > 0 ? Math.max(0, 1 + (10 * Math.log10(power)) / 60) : 0;
      if (bar.current) bar.current.value = level;
    }, 200);
    return () => {
      clearInterval(timer);
      source.disconnect();
      void context.close();
    };
  }, [voice]);
  return <meter ref={bar} min={0} max={1} value={0} aria-label={label} />;
}
