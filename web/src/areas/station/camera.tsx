import { Camera as CameraIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cameraReads, watch } from "../../scan/camera";
import { Button } from "../../ui/button";
import { Strip } from "../../ui/state";
import { useWords } from "../../words/language";
import { stationWords } from "./words";

/** The device's camera in place of a scanner, where the browser can read codes by itself. */
export function Camera({ onScan }: { readonly onScan: (text: string) => void }) {
  const words = useWords(stationWords);
  const [open, setOpen] = useState(false);
  if (!cameraReads()) return null;
  return (
    <>
      <Button className="station-target" aria-pressed={open} onClick={() => setOpen(!open)}>
        <CameraIcon size={20} aria-hidden="true" /> {open ? words.closeCamera : words.openCamera}
      </Button>
      {open ? <View onScan={onScan} /> : null}
    </>
  );
}

function View({ onScan }: { readonly onScan: (text: string) => void }) {
  const words = useWords(stationWords);
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(onScan);
  latest.current = onScan;
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!video.current) return;
    let ended = false;
    let stop = () => {};
    watch(video.current, (text) => latest.current(text)).then(
      (over) => {
        if (ended) over();
        else stop = over;
      },
      () => setFailed(true),
    );
    return () => {
      ended = true;
      stop();
    };
  }, []);
  if (failed) return <Strip state="warn">{words.noCamera}</Strip>;
  return <video ref={video} className="station-video" muted playsInline aria-label={words.openCamera} />;
}
