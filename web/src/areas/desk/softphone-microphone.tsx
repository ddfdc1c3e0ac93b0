import { useEffect, useState } from "react";
import type { Phone } from "../../calls/softphone";
import { Meter } from "../../calls/softphone-meter";
import { softphoneWords } from "../../calls/softphone-words";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/field";
import { Strip } from "../../ui/state";
import { useWords } from "../../words/language";

const KEPT = "maillage.microphone";

/** The headset of last time at this machine. */
export function readMicrophone(): string | null {
  return localStorage.getItem(KEPT);
}

interface Props {
  readonly is: Phone;
  readonly onListen: (device: string | null) => void;
}

/** Which microphone, whether it hears, and what to do where it may not. */
export function SoftphoneMicrophone({ is, onListen }: Props) {
  const words = useWords(softphoneWords);
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const [chosen, choose] = useState(readMicrophone);
  const given = is.microphone === "given";
  useEffect(() => {
    if (!given) return;
    // Names of devices are told only once one is allowed.
    const list = async () => {
      const all = await navigator.mediaDevices.enumerateDevices();
      setDevices(all.filter((each) => each.kind === "audioinput" && each.deviceId));
    };
    void list();
    const listen = () => void list();
    navigator.mediaDevices.addEventListener("devicechange", listen);
    return () => navigator.mediaDevices.removeEventListener("devicechange", listen);
  }, [given]);
  if (is.microphone === "asking") {
    return (
      <Strip state="info" role="status">
        {words.asking}
      </Strip>
    );
  }
  if (is.microphone === "refused" || is.microphone === "missing") {
    return (
      <Strip
        state="danger"
        role="alert"
        acts={
          <Button kind="primary" onClick={() => onListen(null)}>
            {words.again}
          </Button>
        }
      >
        {is.microphone === "refused" ? words.refused : words.noneFound}
      </Strip>
    );
  }
  if (!given || !is.voice) return null;
  const known = devices.some((each) => each.deviceId === chosen) ? (chosen ?? "") : "";
  return (
    <div className="stack">
      <SelectField
        label={words.microphone}
        value={known}
        onChange={(event) => {
          const device = event.target.value || null;
          choose(device);
          if (device) localStorage.setItem(KEPT, device);
          else localStorage.removeItem(KEPT);
          onListen(device);
        }}
      >
        <option value="">{words.automatic}</option>
        {devices
          .filter((each) => each.deviceId !== "default" && each.deviceId !== "communications")
          .map((each, index) => (
            <option key={each.deviceId} value={each.deviceId}>
              {each.label || words.unnamed(index + 1)}
            </option>
          ))}
      </SelectField>
      <Meter voice={is.voice} label={words.level} />
    </div>
  );
}
