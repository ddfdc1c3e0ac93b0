import { Bell as BellIcon, BellRing } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Link } from "wouter";
import { Check } from "../ui/field";
import { Badge } from "../ui/state";
import { setWaiting } from "../ui/title";
import { useWords } from "../words/language";
import { useWaiting } from "./bell-sources";
import { bellWords } from "./bell-words";
import { chime } from "./sound";
import { shellWords } from "./words";

const SILENT = "maillage.silent";

/** What waits for the person, as the services say now. More urgent things than before: a sound, the title, a sentence
 *  that is read out; the focus stays where it is. */
export default function Bell() {
  const words = useWords(bellWords);
  const shell = useWords(shellWords);
  const id = useId();
  const waiting = useWaiting();
  const [silent, setSilent] = useState(() => localStorage.getItem(SILENT) === "1");
  const [said, setSaid] = useState("");
  const before = useRef(new Map<string, number>());
  const urgent = waiting.filter((each) => each.urgent);
  const count = waiting.reduce((all, each) => all + each.count, 0);
  const urgentCount = urgent.reduce((all, each) => all + each.count, 0);
  useEffect(() => setWaiting(urgentCount), [urgentCount]);
  useEffect(() => () => setWaiting(0), []);
  useEffect(() => {
    const more = urgent.filter((each) => each.count > (before.current.get(each.id) ?? 0));
    before.current = new Map(urgent.map((each) => [each.id, each.count]));
    if (more.length === 0) return;
    setSaid(more.map((each) => words.named[each.id](each.count)).join(", "));
    if (!silent || more.some((each) => each.always)) chime();
  }, [urgent, words, silent]);
  const close = () => document.getElementById(id)?.hidePopover();
  return (
    <>
      <button
        type="button"
        className="button bell"
        data-kind={urgentCount ? "danger" : "quiet"}
        aria-label={shell.waiting(count)}
        popoverTarget={id}
      >
        {urgentCount ? <BellRing size={20} aria-hidden="true" /> : <BellIcon size={20} aria-hidden="true" />}
        {count ? <span>{count}</span> : null}
      </button>
      <div id={id} popover="auto" className="panel stack person-menu">
        <h2>{words.title}</h2>
        {waiting.length === 0 ? <p className="muted">{words.none}</p> : null}
        <ul className="stack">
          {waiting.map((each) => (
            <li key={each.id}>
              <Link className="button wide" href={each.href} onClick={close}>
                {words.named[each.id](each.count)}
                {each.urgent ? <Badge state="danger">{words.urgent}</Badge> : null}
              </Link>
            </li>
          ))}
        </ul>
        <Check
          label={words.silence}
          checked={silent}
          onChange={(event) => {
            setSilent(event.target.checked);
            localStorage.setItem(SILENT, event.target.checked ? "1" : "0");
          }}
        />
        <p className="small muted">{words.silenceHint}</p>
      </div>
      <span className="visually-hidden" role="alert">
        {said}
      </span>
    </>
  );
}
