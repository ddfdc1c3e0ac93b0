/** The device's own camera as a scanner, where the browser itself reads codes; no reader is brought along. */
interface Detector {
  detect: (source: HTMLVideoElement) => Promise<readonly { readonly rawValue: string }[]>;
}
declare global {
  var BarcodeDetector: (new (options: { formats: readonly string[] }) => Detector) | undefined;
}

const FORMATS = ["data_matrix", "qr_code", "code_128", "ean_13"];
const LOOK_MS = 150;

export function cameraReads(): boolean {
  return globalThis.BarcodeDetector !== undefined && navigator.mediaDevices?.getUserMedia !== undefined;
}

/** Shows the camera and tells each code once until another is seen. Returns how to stop. */
export async function watch(video: HTMLVideoElement, onScan: (text: string) => void): Promise<() => void> {
  if (!globalThis.BarcodeDetector) throw new Error("this browser reads no codes");
  const detector = new globalThis.BarcodeDetector({ formats: FORMATS });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  await video.play();
  let last = "";
  const timer = setInterval(async () => {
    const found = (await detector.detect(video).catch(() => []))[0]?.rawValue ?? "";
    if (found && found !== last) onScan(found);
    last = found;
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
  };
}
