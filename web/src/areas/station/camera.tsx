import { CameraButton } from "../../scan/camera-view";
import { useWords } from "../../words/language";
import { stationWords } from "./words";

/** The device's camera in place of a scanner, where the browser can read codes by itself. */
export function Camera({ onScan }: { readonly onScan: (text: string) => void }) {
  const words = useWords(stationWords);
  return (
    <CameraButton
      className="station-target"
      onScan={onScan}
      open={words.openCamera}
      close={words.closeCamera}
      failed={words.noCamera}
    />
  );
}
