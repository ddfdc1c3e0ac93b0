import { useEffect, useState } from "react";
import { Button } from "../ui/button";
import { Badge, type State, Strip } from "../ui/state";
import { useWords } from "../words/language";
import { seat } from "./seat";
import { openSoftphone, type Seen, useSoftphoneLink } from "./softphone-link";
import { softphoneWords } from "./softphone-words";

const LOOKS: Readonly<Record<Seen, State>> = {
  missing: "danger",
  starting: "unknown",
  ready: "ok",
  in_call: "ok",
  lost: "danger",
  no_microphone: "danger",
};

/** The telephone of a post that rings in the browser: how it is, and its window when it is not there. */
export function SoftphoneMark() {
  const words = useWords(softphoneWords);
  const seen = useSoftphoneLink();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change is told to the service at once
  useEffect(() => void seat.beat(), [seen]);
  return <Badge state={LOOKS[seen]}>{words.marks[seen]}</Badge>;
}

/** Why nothing rings, and what to do. Not said while the window has not had a moment to answer. */
export function SoftphoneNotice() {
  const words = useWords(softphoneWords);
  const seen = useSoftphoneLink();
  const [blocked, block] = useState(false);
  const [late, setLate] = useState(false);
  const missing = seen === "missing";
  useEffect(() => {
    if (!missing) return;
    const timer = setTimeout(() => setLate(true), 1_500);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [missing]);
  if (seen === "lost" || seen === "no_microphone") {
    return (
      <Strip state="danger" role="alert">
        {seen === "lost" ? words.lostBar : words.noMicrophoneBar}
      </Strip>
    );
  }
  if (!missing || !late) return null;
  return (
    <Strip
      state="danger"
      role="alert"
      acts={
        <Button kind="primary" onClick={() => block(!openSoftphone())}>
          {words.open}
        </Button>
      }
    >
      {blocked ? words.blocked : words.missing}
    </Strip>
  );
}
