import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Badge, RefusalStrip } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, dayOf, timeOfDay, today } from "../../words/time";
import { type Board, useCatalogue, useDirectory } from "./queries";
import { supervisionWords } from "./words";

const URGENCY = { urgent: "danger", same_day: "warn", routine: "info" } as const;

/** What nobody has finished: messages past their deadline, calls that ended without an outcome. */
export function Settle({ board }: { readonly board: Board }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const directory = useDirectory();
  const names = new Map(
    directory.data?.practitioners.map((each) => [each.practitioner_id, each.display_name]),
  );
  return (
    <>
      <section className="panel stack">
        <h2>{words.lateMessages}</h2>
        {board.late_messages.length === 0 ? (
          <p className="muted">{words.noLate}</p>
        ) : (
          <ul className="supervision-list">
            {board.late_messages.map((each) => (
              <li key={each.id} className="row spread">
                <span className="row">
                  <Badge state={URGENCY[each.urgency as keyof typeof URGENCY] ?? "info"}>
                    {words.urgencies[each.urgency as keyof typeof words.urgencies] ?? each.urgency}
                  </Badge>
                  {names.get(each.practitioner_id) ?? ""}
                </span>
                <span className="muted small">
                  {words.due} {timeOfDay(each.due_at, language)} · {words.level} {words.toldTo(each.level)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="panel stack">
        <h2>{words.unclassified}</h2>
        {board.unclassified.length === 0 ? (
          <p className="muted">{words.noUnclassified}</p>
        ) : (
          <ul className="supervision-list">
            {board.unclassified.map((each) => (
              <Unclassified key={each.id} id={each.id} endedAt={each.ended_at} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Unclassified({ id, endedAt }: { readonly id: string; readonly endedAt: string }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const outcomes = useCatalogue("outcome");
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const classify = useCommand(
    (outcome: string, key) =>
      body(
        api.PATCH("/api/telesecretariat/v1/calls/{call_id}", {
          params: { path: { call_id: id } },
          headers: { "Idempotency-Key": key },
          body: { outcome, supervisor_told: true },
        }),
      ),
    () => void client.invalidateQueries({ queryKey: ["telesecretariat", "board"] }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void classify.run(String(new FormData(event.currentTarget).get("outcome")));
  };
  const when = dayOf(endedAt) === today() ? timeOfDay(endedAt, language) : dayAndTime(endedAt, language);
  return (
    <li className="stack">
      <div className="row spread">
        <span>
          {words.endedAt} {when}
        </span>
        {open ? null : <Button onClick={() => setOpen(true)}>{words.classify}</Button>}
      </div>
      {open ? (
        <form className="row" onSubmit={submit}>
          <select name="outcome" className="supervision-select" aria-label={words.outcome}>
            {outcomes.data
              ?.filter((each) => each.active)
              .map((each) => (
                <option key={each.code} value={each.code}>
                  {language === "fr" ? each.label_fr : each.label_en}
                </option>
              ))}
          </select>
          <Button type="submit" kind="primary" busy={classify.pending}>
            {words.classify}
          </Button>
        </form>
      ) : null}
      <RefusalStrip refusal={classify.refusal} />
    </li>
  );
}
