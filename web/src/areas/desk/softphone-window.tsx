import { useEffect, useState, useSyncExternalStore } from "react";
import { consultedOn, currentOf, type Desk, useCallFile, useDesk } from "../../calls/desk";
import { spoken } from "../../calls/phone";
import { markOf, type Phone, Softphone } from "../../calls/softphone";
import { tellDesk } from "../../calls/softphone-link";
import { softphoneWords } from "../../calls/softphone-words";
import { browser } from "../../calls/softphone-world";
import { Button } from "../../ui/button";
import { Badge, Empty, Read, RefusalStrip, type State, Strip } from "../../ui/state";
import { Timer } from "../../ui/timer";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { clockTime } from "../../words/time";
import { readMicrophone, SoftphoneMicrophone } from "./softphone-microphone";
import "./softphone.css";

const phone = new Softphone(browser);

/** One telephone of a browser, however many windows: the first that asks has it as long as it lives. */
const only: Promise<boolean> = new Promise((answer) => {
  if (!("locks" in navigator)) answer(true);
  else
    void navigator.locks.request("maillage-softphone", { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => {});
    });
});

/** The telephone of the post in a small window of its own: the desk may be loaded again, the conversation goes on. */
export default function SoftphoneWindow() {
  const words = useWords(softphoneWords);
  const desk = useDesk();
  const [mine, setMine] = useState<boolean | null>(null);
  useEffect(() => void only.then(setMine), []);
  return (
    <main className="softphone stack" id="content">
      <Title>{words.title}</Title>
      {mine === false ? (
        <Strip state="warn" role="alert">
          {words.other}
        </Strip>
      ) : mine ? (
        <Read of={desk}>{(data) => <Served desk={data} />}</Read>
      ) : null}
    </main>
  );
}

/** It lives as long as the post: opened with it, closed with it. */
function Served({ desk }: { readonly desk: Desk }) {
  const words = useWords(softphoneWords);
  const { agent } = desk;
  const on =
    desk.softphone && agent !== null && agent.presence !== "offline" && agent.device?.kind === "browser";
  const expected = on && (currentOf(desk)?.speaking === true || consultedOn(desk) !== null);
  useEffect(() => {
    if (!on) return;
    void phone.start(readMicrophone());
    const leave = tellDesk(() => markOf(phone.read()), phone.subscribe);
    return () => {
      phone.stop();
      leave();
    };
  }, [on]);
  useEffect(() => phone.expect(expected), [expected]);
  if (!desk.softphone) return <Empty>{words.off}</Empty>;
  if (!on) return <Empty>{words.noPost}</Empty>;
  return <Open desk={desk} />;
}

function looks(is: Phone): State {
  if (is.microphone === "refused" || is.microphone === "missing") return "danger";
  if (is.talk === "ringing") return "info";
  return is.registration === "lost" ? "danger" : is.registration === "ready" ? "ok" : "unknown";
}

function Open({ desk }: { readonly desk: Desk }) {
  const words = useWords(softphoneWords);
  const { language } = useLanguage();
  const is = useSyncExternalStore(phone.subscribe, phone.read);
  const call = currentOf(desk)?.id ?? consultedOn(desk)?.id;
  const file = useCallFile(is.talk === "none" ? undefined : call).data;
  const state =
    is.talk === "talking"
      ? words.talking
      : is.talk === "ringing"
        ? words.ringing
        : is.registration === "ready"
          ? words.ready
          : is.registration === "lost"
            ? words.marks.lost
            : words.connecting;
  return (
    <>
      <div className="softphone-state" role="status">
        <Badge state={looks(is)}>{state}</Badge>
        {is.talk !== "none" && file ? (
          <strong>{file.number ? spoken(file.number) : words.withheld}</strong>
        ) : null}
        {is.talk === "talking" && is.since ? <Timer since={is.since} /> : null}
      </div>
      {is.registration === "lost" && is.lostSince ? (
        <Strip state="danger" role="alert">
          {words.lost(clockTime(is.lostSince, language))}
        </Strip>
      ) : null}
      <RefusalStrip refusal={is.refusal} />
      {is.muted ? (
        <Strip state="warn" role="alert">
          {words.muted}
        </Strip>
      ) : null}
      <div className="row">
        {is.talk === "ringing" ? (
          <Button kind="primary" onClick={() => phone.answer()}>
            {words.answer}
          </Button>
        ) : null}
        {is.talk === "talking" ? (
          <>
            <Button aria-pressed={is.muted} onClick={() => phone.mute(!is.muted)}>
              {is.muted ? words.unmute : words.mute}
            </Button>
            <Button kind="danger" onClick={() => phone.hangUp()}>
              {words.hangUp}
            </Button>
          </>
        ) : null}
      </div>
      <SoftphoneMicrophone is={is} onListen={(device) => void phone.listen(device)} />
      <p className="small muted">{words.keep}</p>
    </>
  );
}
