import { api, body } from "../../api/client";
import { once, useAct } from "../../calls/acts";
import { currentOf, type Desk, type QueuedCall } from "../../calls/desk";
import { useDirectory } from "../../calls/directory";
import { seat, useSeat } from "../../calls/seat";
import { Button } from "../../ui/button";
import { Badge, RefusalStrip } from "../../ui/state";
import { Timer } from "../../ui/timer";
import { useLanguage, useWords } from "../../words/language";
import { duration, timeOfDay } from "../../words/time";
import { Handovers } from "./handovers";
import { Tasks } from "./tasks";
import { deskWords } from "./words";

/** What waits: callers in their order, people owed a call, tasks, messages nobody answered, the hand-over. */
export function Left({ desk }: { readonly desk: Desk }) {
  const words = useWords(deskWords);
  return (
    <div className="stack">
      <section className="panel stack" aria-label={words.queue}>
        <h2>
          {words.queue} <span className="muted">{desk.queue.length}</span>
        </h2>
        {desk.queue.length === 0 ? (
          <p className="muted">
            {words.queueEmpty} {desk.callbacks.length > 0 ? words.callbacksOwed(desk.callbacks.length) : ""}
          </p>
        ) : (
          <Queue desk={desk} />
        )}
        {
          // Without a call they stand in the middle, to be read.
        }
        {desk.unread_instructions > 0 && currentOf(desk) ? (
          <Badge state="info">{words.unread(desk.unread_instructions)}</Badge>
        ) : null}
      </section>
      {desk.callbacks.length > 0 ? <Callbacks desk={desk} /> : null}
      <Overdue desk={desk} />
      <Tasks desk={desk} />
      <Handovers desk={desk} />
    </div>
  );
}

function Queue({ desk }: { readonly desk: Desk }) {
  const words = useWords(deskWords);
  const act = useAct();
  const { phase } = useSeat();
  const several = (desk.lines ?? []).length > 1;
  const claim = (call: QueuedCall) =>
    void act.run((key) =>
      body(
        api.POST("/api/telesecretariat/v1/calls/{call_id}/claim", {
          params: { path: { call_id: call.id } },
          body: { desk_id: seat.read().deskId },
          ...once(key),
        }),
      ),
    );
  return (
    <>
      <RefusalStrip refusal={act.refusal} />
      <ol className="desk-list">
        {desk.queue.slice(0, 30).map((call) => (
          <li key={call.id}>
            <div className="row">
              <strong>{words.position(call.position)}</strong>
              <span>
                {words.wait} <strong>{call.queued_at ? <Timer since={call.queued_at} /> : null}</strong>
              </span>
              {call.direction === "callback" ? <Badge state="info">{words.callback}</Badge> : null}
              {several ? (
                <span className="small muted">
                  {(desk.lines ?? []).find((line) => line.id === call.line_id)?.name}
                </span>
              ) : null}
            </div>
            {call.head_start.map((start) => (
              <span key={start.reason} className="small muted">
                {words.headStart(words.headStarts[start.reason] ?? start.reason, duration(start.seconds))}
              </span>
            ))}
            {call.pick && phase === "open" ? (
              <Button busy={act.pending} onClick={() => claim(call)}>
                {words.pick}
              </Button>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  );
}

function Callbacks({ desk }: { readonly desk: Desk }) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const act = useAct();
  return (
    <section className="panel stack" aria-label={words.callbacks}>
      <h2>
        {words.callbacks} <span className="muted">{desk.callbacks.length}</span>
      </h2>
      <RefusalStrip refusal={act.refusal} />
      <ul className="desk-list">
        {desk.callbacks.slice(0, 30).map((each) => (
          <li key={each.id} className="row spread">
            <span>
              {words.callbackStates[each.state] ?? each.state},{" "}
              {words.notBefore(timeOfDay(each.not_before, language))}
              {each.attempts > 0 ? `, ${words.callbackTries(each.attempts)}` : ""}
            </span>
            {each.state === "open" ? (
              <Button
                kind="quiet"
                onClick={() =>
                  void act.run((key) =>
                    body(
                      api.POST("/api/telesecretariat/v1/callbacks/{callback_id}/cancel", {
                        params: { path: { callback_id: each.id } },
                        ...once(key),
                      }),
                    ),
                  )
                }
              >
                {words.cancelCallback}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Overdue({ desk }: { readonly desk: Desk }) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const { nameOf } = useDirectory();
  if (desk.overdue_messages.length === 0) return null;
  return (
    <section className="panel stack" aria-label={words.overdue}>
      <h2>
        {words.overdue} <span className="muted">{desk.overdue_messages.length}</span>
      </h2>
      <ul className="desk-list">
        {desk.overdue_messages.slice(0, 20).map((each) => (
          <li key={each.id}>
            <Badge state={each.urgency === "urgent" ? "danger" : "warn"}>
              {words.urgencies[each.urgency]}
            </Badge>{" "}
            {nameOf(each.practitioner_id)}
            <span className="small muted">
              {" "}
              {words.dueAt(timeOfDay(each.due_at, language))}
              {each.level > 0 ? `, ${words.escalated(each.level)}` : ""}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
