import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useWedge, wasCalibrated } from "../../scan/listen";
import type { Said } from "../../scan/queue-model";
import { play } from "../../scan/sounds";
import { Button } from "../../ui/button";
import { Strip, useSentence } from "../../ui/state";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { Act } from "./act";
import { Bar } from "./bar";
import { Camera } from "./camera";
import { Commands, commandOf, useCommands } from "./commands";
import { Late } from "./late";
import { type Post, pinPost } from "./posts";
import { Recent, Result } from "./result";
import { Stop } from "./stop";
import { useStation } from "./use-station";
import { stationWords } from "./words";

interface Props {
  readonly post: Post;
  /** Who is at the post; null when that cannot be known without a network. */
  readonly person: string | null;
  readonly onLeave?: () => void;
}

export function StationScreen(props: Props) {
  return (
    <Commands>
      <Inside {...props} />
    </Commands>
  );
}

/** One layout for all posts: the instruction, the last result, the act under way, its few buttons. */
function Inside({ post, person, onLeave }: Props) {
  const words = useWords(stationWords);
  const sentence = useSentence();
  const station = useStation(post);
  const { run } = useCommands();
  const said = useRef<Said>({});
  const hears = useRef<((text: string) => boolean) | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  useEffect(() => pinPost(post.id), [post.id]);

  const heard = (text: string) => {
    const command = commandOf(text);
    if (station.stop) {
      if (command !== "QUARANTAINE" || !run(command)) play("stop");
      return;
    }
    setNotice(null);
    if (!command && hears.current?.(text)) play("ok");
    else if (command) {
      if (!run(command)) {
        play("refused");
        setNotice(words.noSuchAct(command));
      }
    } else if (station.ready === "ready" || station.ready === "opening") station.scan(text, said.current);
    else play("refused");
  };
  useWedge({
    onScan: heard,
    onCalibrated: (layout) => {
      play("checked");
      setNotice(words.calibrated[layout]);
    },
  });

  const titled = [words.kind[post.kind], post.machineName].filter(Boolean).join(", ");
  const shown = station.recent[0];
  return (
    <div className="station">
      <Bar post={post} title={titled} person={person} waiting={station.waiting} onLeave={onLeave} />
      <main className="station-main" id="content" tabIndex={-1}>
        <Title hidden>{titled}</Title>
        {station.ready === "impossible" ? (
          <Strip state="danger" role="alert">
            {words.impossible}
          </Strip>
        ) : station.ready === "elsewhere" ? (
          <Strip state="warn" role="status">
            {words.elsewhere}
          </Strip>
        ) : null}
        {station.queue?.stopped ? (
          <Strip
            state="danger"
            role="alert"
            acts={<Button onClick={() => void station.queue?.flush()}>{words.sendAgain}</Button>}
          >
            {words.notSent(station.waiting ?? 0)} {sentence(station.queue.stopped)}
          </Strip>
        ) : null}
        <p className="station-instruction">{words.instruction[post.kind]}</p>
        <Result item={shown} post={post} notice={notice} />
        {person === null ? (
          <Strip state="warn" role="status">
            {words.offlineOnly}
          </Strip>
        ) : (
          <Act post={post} station={station} said={said} hears={hears} />
        )}
        <Late items={station.late} />
        <Recent items={station.recent.slice(1, 6)} />
        <footer className="row station-foot">
          <Camera onScan={heard} />
          {wasCalibrated() ? null : <span className="muted">{words.notCalibrated}</span>}
          <Link href="/station/codes" className="button station-target">
            {words.printCodes}
          </Link>
        </footer>
      </main>
      {station.stop ? <Stop item={station.stop} onPassed={station.acknowledge} /> : null}
    </div>
  );
}
