import { useQuery } from "@tanstack/react-query";
import { useCatalogue } from "../../calls/acts";
import { callContext } from "../../calls/context";
import { useDirectory } from "../../calls/directory";
import { callWords } from "../../calls/words";
import { Badge, Read } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, duration, timeOfDay } from "../../words/time";
import { deskWords } from "./words";

/** The last calls of this number, and what was promised and is not closed. */
export function History({ callId }: { readonly callId: string }) {
  const words = useWords(deskWords);
  const calls = useWords(callWords);
  const { language } = useLanguage();
  const { nameOf } = useDirectory();
  const motives = useCatalogue("motive");
  const outcomes = useCatalogue("outcome");
  const context = useQuery(callContext(callId));
  const outcome = (code: string | null) =>
    code ? (outcomes.find((each) => each.code === code)?.label ?? calls.outcomes[code] ?? code) : "";
  return (
    <Read of={context} lines={2}>
      {({ previous, messages }) => (
        <>
          {messages.length > 0 ? (
            <section className="panel stack" aria-label={words.openMessages}>
              <h2>{words.openMessages}</h2>
              <ul className="desk-list">
                {messages.map((each) => (
                  <li key={each.id} className="row">
                    <Badge state={each.urgency === "urgent" ? "danger" : "neutral"}>
                      {words.urgencies[each.urgency]}
                    </Badge>
                    <span>{nameOf(each.practitioner_id)}</span>
                    <span className="small muted">
                      {words.messageStates[each.state]}
                      {each.due_at ? `, ${words.dueAt(timeOfDay(each.due_at, language))}` : ""}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
          {previous.length > 0 ? (
            <section className="panel stack" aria-label={words.previous}>
              <h2>{words.previous}</h2>
              <ul className="desk-list">
                {previous.slice(0, 5).map((each) => (
                  <li key={each.id}>
                    {dayAndTime(each.arrived_at, language)}{" "}
                    <span className="small muted">
                      {[
                        motives.find((motive) => motive.code === each.motive)?.label,
                        outcome(each.outcome),
                        each.talk_s > 0 ? duration(each.talk_s) : "",
                      ]
                        .filter(Boolean)
                        .join(", ")}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
        </>
      )}
    </Read>
  );
}
