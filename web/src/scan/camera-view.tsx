import { Camera as CameraIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../ui/button";
import { Strip } from "../ui/state";
import { cameraReads, watch } from "./camera";

interface Props {
  readonly onScan: (text: string) => void;
  readonly className: string;
  /** What the button says, closed and open, and what is said when the camera does not open. */
  readonly open: string;
  readonly close: string;
  readonly failed: string;
}

/** The device's camera in place of a scanner, where the browser can read codes by itself. */
export function CameraButton({ onScan, className, open, close, failed }: Props) {
  const [shown, show] = useState(false);
  if (!cameraReads()) return null;
  return (
    <>
      <Button className={className} aria-pressed={shown} onClick={() => show(!shown)}>
        <CameraIcon size={20} aria-hidden="true" /> {shown ? close : open}
      </Button>
      {shown ? <View onScan={onScan} label={open} failed={failed} /> : null}
    </>
  );
}

function View({ onScan, label, failed }: { onScan: (text: string) => void; label: string; failed: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(onScan);
  latest.current = onScan;
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (!video.current) return;
    let ended = false;
    let stop = () => {};
    watch(video.current, (text) => latest.current(text)).then(
      (over) => {
        if (ended) over();
        else stop = over;
      },
      () => setAway(true),
    );
    return () => {
      ended = true;
      stop();
    };
  }, []);
  if (away) return <Strip state="warn">{failed}</Strip>;
  return <video ref={video} className="scan-video" muted playsInline aria-label={label} />;
}
