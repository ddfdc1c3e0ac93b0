import { useState } from "react";
import { serialOf } from "../../cooperation/names";
import { type Crate, type Heard, heard, NO_TICKS, type Ticks, toggled } from "../../cooperation/ticking";
import { CameraButton } from "../../scan/camera-view";
import { useWedge } from "../../scan/listen";
import { play } from "../../scan/sounds";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { transportWords } from "./words";

export interface Group {
  readonly crates: readonly Crate[];
  readonly sealed: boolean;
}

export interface Scanning {
  readonly ticks: readonly Ticks[];
  readonly said: { readonly heard: Heard; readonly crate: string } | null;
  readonly hear: (text: string) => void;
  readonly toggle: (group: number, id: string) => void;
  readonly seal: (group: number, id: string, seal: string) => void;
  readonly clear: (group: number) => void;
}

/** Scans of one screen that has several lists of crates: each goes to the list that expects it. */
export function useScanning(groups: readonly Group[]): Scanning {
  const [ticks, setTicks] = useState<Readonly<Record<number, Ticks>>>({});
  const [said, say] = useState<Scanning["said"]>(null);
  const of = (group: number) => ticks[group] ?? NO_TICKS;
  const put = (group: number, next: Ticks) =>
    setTicks((before) => ({
      // A seal belongs to the crate read last, in whichever list.
      ...Object.fromEntries(Object.entries(before).map(([at, each]) => [at, { ...each, current: null }])),
      [group]: next,
    }));
  const hear = (text: string) => {
    for (const [group, { crates, sealed }] of groups.entries()) {
      const [next, what] = heard(of(group), text, crates, sealed);
      if (what === "unknown") continue;
      put(group, next);
      const crate = crates.find((each) => each.id === next.current);
      say({ heard: what, crate: crate ? serialOf(crate.tag) : "" });
      play("ok");
      return;
    }
    say({ heard: "unknown", crate: "" });
    play("refused");
  };
  useWedge({ onScan: hear });
  return {
    ticks: groups.map((_, group) => of(group)),
    said,
    hear,
    toggle: (group, id) => put(group, toggled(of(group), id)),
    seal: (group, id, seal) => {
      const { [id]: _, ...others } = of(group).read;
      const trimmed = seal.trim();
      put(group, { read: { ...others, [id]: trimmed || null }, current: id });
    },
    clear: (group) => put(group, NO_TICKS),
  };
}

/** What was read last, and the other ways to say it: camera, a number typed. */
export function ScanField({ scanning }: { readonly scanning: Scanning }) {
  const words = useWords(transportWords);
  const [typed, type] = useState("");
  const { said } = scanning;
  return (
    <section className="panel stack" aria-label={words.scanHere}>
      <p className="transport-said" role="status" data-heard={said?.heard ?? "none"}>
        {said === null
          ? words.scanHere
          : said.heard === "unknown"
            ? words.heard.unknown
            : words.heard[said.heard](words.crate(said.crate))}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim()) scanning.hear(typed);
          type("");
        }}
      >
        <TextField
          label={words.typed}
          hint={words.typedHint}
          autoComplete="off"
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      </form>
      <CameraButton
        className="transport-target"
        onScan={scanning.hear}
        open={words.camera}
        close={words.closeCamera}
        failed={words.noCamera}
      />
    </section>
  );
}

/** Crates to read, each with its state and the way by hand. */
export function CrateList({
  group,
  scanning,
  crates,
  sealed = false,
}: {
  readonly group: number;
  readonly scanning: Scanning;
  readonly crates: readonly Crate[];
  readonly sealed?: boolean;
}) {
  const words = useWords(transportWords);
  const { read } = scanning.ticks[group] ?? NO_TICKS;
  return (
    <ul className="transport-crates">
      {crates.map((crate) => {
        const name = words.crate(serialOf(crate.tag));
        const ticked = crate.id in read;
        const seal = read[crate.id] ?? "";
        return (
          <li key={crate.id} data-read={ticked}>
            <strong className="transport-crate">{name}</strong>
            <Badge state={ticked ? (sealed && !seal ? "warn" : "ok") : "unknown"}>
              {!ticked ? words.toScan : seal ? words.readSealed(seal) : sealed ? words.readSeal : words.read}
            </Badge>
            <Button
              className="transport-target"
              aria-label={ticked ? words.untick(name) : words.tickHand(name)}
              onClick={() => scanning.toggle(group, crate.id)}
            >
              {ticked ? words.untickShort : words.tick}
            </Button>
            {sealed && ticked ? (
              <TextField
                label={words.sealOf(name)}
                autoComplete="off"
                value={seal}
                onChange={(event) => scanning.seal(group, crate.id, event.target.value)}
              />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
