import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../../api/client";
import { TextField } from "../../../ui/field";
import { Badge, Read } from "../../../ui/state";
import { useLanguage, useWords } from "../../../words/language";
import { dayAndTime, instantAt, now, timeOfDay, today, zoned } from "../../../words/time";
import { phoneWords } from "./words";

/** What a caller would hear at any instant, in words, and why. */
export function Hears({ lineId }: { readonly lineId: string }) {
  const words = useWords(phoneWords);
  const { language } = useLanguage();
  const [day, setDay] = useState(today);
  const [time, setTime] = useState(() => {
    const at = zoned(now());
    return `${String(at.hour).padStart(2, "0")}:${String(at.minute).padStart(2, "0")}`;
  });
  const given = day.length === 10 && time.length === 5;
  const at = given ? instantAt(day, time) : "";
  const opening = useQuery({
    queryKey: ["telesecretariat", "opening", lineId, at],
    queryFn: () =>
      body(
        api.GET("/api/telesecretariat/v1/lines/{line_id}/opening", {
          params: { path: { line_id: lineId }, query: { at } },
        }),
      ),
    enabled: given,
  });
  return (
    <section className="stack" aria-label={words.hears}>
      <h3>{words.hears}</h3>
      <p className="muted small">{words.hearsText}</p>
      <div className="records-line">
        <TextField
          label={words.date}
          type="date"
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
        <TextField
          label={words.hour}
          type="time"
          value={time}
          onChange={(event) => setTime(event.target.value)}
        />
      </div>
      {given ? (
        <Read of={opening} lines={3}>
          {(told) => (
            <div className="stack" role="status">
              <p className="row">
                <Badge state={told.open ? "ok" : "neutral"}>
                  {told.open ? words.openNow : words.closedNow}
                </Badge>
                <span>{words.why[told.reason]}</span>
                {told.open && told.until ? (
                  <span className="muted">{words.untilAt(timeOfDay(told.until, language))}</span>
                ) : null}
              </p>
              {!told.open && told.next_opening ? (
                <p>{words.next(dayAndTime(told.next_opening, language))}</p>
              ) : null}
              {told.announcement_parts.length === 0 ? <p className="muted">{words.nothingSaid}</p> : null}
              <ol className="setup-hears">
                {told.announcement_parts.map((part) => (
                  <li key={part.text}>
                    <q>{language === "en" ? part.text_en : part.text}</q>{" "}
                    <span className="small muted">
                      {part.kind === "recording" ? words.recorded : words.spoken}
                    </span>
                  </li>
                ))}
              </ol>
            </div>
          )}
        </Read>
      ) : (
        <p className="muted">{words.pickTime}</p>
      )}
    </section>
  );
}
