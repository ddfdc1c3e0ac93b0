import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { useWedge } from "../../scan/listen";
import { CALIBRATION } from "../../scan/wedge";
import { Button } from "../../ui/button";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { COMMANDS } from "./commands";
import { stationWords } from "./words";

/** The sheet that hangs beside a station: a code to set the scanner, and a code per button. */
export function CodeSheet() {
  const words = useWords(stationWords);
  const say = useToast();
  useWedge({
    onScan: (text) => say(text.slice(0, 60), "info"),
    onCalibrated: (layout) => say(words.calibrated[layout]),
  });
  return (
    <main className="station-page" id="content">
      <header className="row spread">
        <Title>{words.sheet}</Title>
        <span className="row station-noprint">
          <Button onClick={() => window.print()}>{words.print}</Button>
          <Link href="/station" className="button">
            {words.back}
          </Link>
        </span>
      </header>
      <p>{words.sheetText}</p>
      <ul className="station-sheet">
        <li>
          <Drawn text={CALIBRATION} />
          <strong>{words.calibration}</strong>
        </li>
        {COMMANDS.map((name) => (
          <li key={name}>
            <Drawn text={`CMD:${name}`} />
            <strong>{name}</strong>
          </li>
        ))}
      </ul>
    </main>
  );
}

function Drawn({ text }: { readonly text: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    void import("bwip-js/browser").then(({ default: drawing }) => {
      if (canvas.current)
        drawing.toCanvas(canvas.current, {
          bcid: "datamatrix",
          text,
          scale: 4,
          paddingwidth: 2,
          paddingheight: 2,
        });
    });
  }, [text]);
  return <canvas ref={canvas} />;
}
