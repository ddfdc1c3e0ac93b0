import { type RefObject, useEffect, useRef } from "react";
import type { Said } from "../../scan/queue-model";
import { useWords } from "../../words/language";
import { Assembly } from "./assembly";
import { Dispatch } from "./dispatch";
import { Dock } from "./dock";
import { LoadAct } from "./load";
import { Packing } from "./packing";
import type { Post } from "./posts";
import { Quarantine } from "./quarantine";
import { Theatre } from "./theatre";
import { Unload } from "./unload";
import type { Station } from "./use-station";
import { stationWords } from "./words";

export interface ActProps {
  readonly post: Post;
  readonly station: Station;
  /** What goes with each scan: a packaging, « wet ». */
  readonly said: RefObject<Said>;
  /** Hears a code before the post does; true keeps it: the number of a seal is no object of ours. */
  readonly hears: RefObject<((text: string) => boolean) | null>;
}

/** What is being done at the post, by its kind; at the others the instruction alone. */
export function Act(props: ActProps) {
  const words = useWords(stationWords);
  const { kind, machine } = props.post;
  const on = props.post.machineName ?? "";
  switch (kind) {
    case "washing":
    case "loading":
      return machine ? <LoadAct {...props} machine={machine} /> : null;
    case "wash_unloading":
    case "unloading":
      return machine ? <Unload {...props} machine={machine} /> : null;
    case "assembly":
      return <Assembly {...props} />;
    case "packing":
      return <Packing {...props} />;
    case "dispatch":
      return <Dispatch {...props} />;
    case "dock":
      return <Dock {...props} />;
    case "quarantine":
      return <Quarantine {...props} />;
    case "theatre":
      return <Theatre {...props} />;
    default:
      return on ? <p className="muted">{words.at(on)}</p> : null;
  }
}

/** Says something with every scan while it is so. */
export function useSaid(ref: RefObject<Said>, said: Said): void {
  useEffect(() => {
    ref.current = said;
    return () => {
      ref.current = {};
    };
  }, [ref, said]);
}

/** Hears every code before the post does, for as long as it is shown. */
export function useHears(ref: ActProps["hears"], hear: (text: string) => boolean): void {
  const latest = useRef(hear);
  latest.current = hear;
  useEffect(() => {
    ref.current = (text) => latest.current(text);
    return () => {
      ref.current = null;
    };
  }, [ref]);
}
