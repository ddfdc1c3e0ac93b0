import { useRef } from "react";
import { Link } from "wouter";
import { Empty, Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { Answered } from "./answered";
import { MessageCard } from "./message";
import { useInbox } from "./queries";
import { practitionerWords } from "./words";

const WAITING: ReadonlySet<string> = new Set(["sent", "delivered", "read"]);

/** Messages by deadline; after an answer the next one has the focus, or the sentence that nothing waits. */
export function Inbox() {
  const words = useWords(practitionerWords);
  const inbox = useInbox();
  const list = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const next = (id: string) => {
    const cards = [...(list.current?.querySelectorAll<HTMLElement>("[data-message]") ?? [])];
    const at = cards.findIndex((card) => card.dataset.message === id);
    (cards[at + 1] ?? cards[at - 1] ?? heading.current)?.focus();
  };
  return (
    <>
      <Title>{words.title}</Title>
      <Read of={inbox} lines={6}>
        {(items) => {
          const waiting = items.filter((each) => WAITING.has(each.state));
          const answered = items.filter((each) => each.state === "acknowledged");
          return (
            <>
              <h2 ref={heading} tabIndex={-1} className={waiting.length ? "" : "visually-hidden"}>
                {waiting.length ? words.toAnswer(waiting.length) : words.noMessage}
              </h2>
              {waiting.length === 0 ? (
                <Empty
                  acts={
                    <Link href="/practitioner/day" className="button">
                      {words.seeDay}
                    </Link>
                  }
                >
                  {words.noMessage}
                </Empty>
              ) : null}
              <section ref={list} className="stack" aria-label={words.messages}>
                {waiting.map((each) => (
                  <MessageCard key={each.id} item={each} onAnswered={() => next(each.id)} />
                ))}
              </section>
              {answered.length ? <Answered items={answered} /> : null}
            </>
          );
        }}
      </Read>
    </>
  );
}
