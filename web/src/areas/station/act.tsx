import { type RefObject, useEffect } from "react";
import type { Said } from "../../scan/queue-model";
import { useWords } from "../../words/language";
import { Assembly } from "./assembly";
import { Dispatch } from "./dispatch";
import { LoadAct } from "./load";
import { Packing } from "./packing";
import type { Post } from "./posts";
import { Theatre } from "./theatre";
import { Unload } from "./unload";
import type { Station } from "./use-station";
import { stationWords } from "./words";

export interface ActProps {
  readonly post: Post;
  readonly station: Station;
  /** What goes with each scan: a packaging, « wet ». */
  readonly said: RefObject<Said>;
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
