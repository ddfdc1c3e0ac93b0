import { useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { useSession } from "../../../api/session";
import { Button } from "../../../ui/button";
import { Badge, RefusalStrip, type State, Strip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { now, timeOfDay } from "../../../words/time";
import type { Round } from "./index";
import { placed, windowsOf } from "./order";
import { roundWords } from "./words";

type Stop = Schema<"appointments.StopOut">;
const STATES: Partial<Record<Stop["status"], State>> = {
  pending: "warn",
  arrived: "info",
  fulfilled: "ok",
  noshow: "danger",
};

/** The visits in their order. Another order is made by drag or by buttons, and saved as one act. */
export function Stops({ round }: { readonly round: Round }) {
  const words = useWords(roundWords);
  const client = useQueryClient();
  const say = useToast();
  const { may } = useSession();
  /** The order one has made of the visits of one window, over the version it was made of. */
  const [wished, wish] = useState<{ readonly ids: readonly string[]; readonly version: number } | null>(null);
  const [spoken, speak] = useState("");
  const dragged = useRef<string | null>(null);
  const key = ["appointments", "round", round.practitioner_id, round.day];
  const groups = may("appointments:appointment.write") ? windowsOf(round.stops, now()) : [];
  const groupOf = (id: string) =>
    wished?.ids.includes(id)
      ? wished.ids
      : (groups.find((each) => each.some((stop) => stop.appointment_id === id)) ?? []).map(
          (stop) => stop.appointment_id,
        );
  const save = useCommand(
    ({ ids, version }: { ids: readonly string[]; version: number }, act: string) =>
      body(
        api.POST("/api/appointments/v1/rounds/reorder", {
          body: {
            practitioner_id: round.practitioner_id,
            day: round.day,
            appointment_ids: [...ids],
            version,
          },
          headers: { "Idempotency-Key": act },
        }),
      ),
    (saved) => {
      client.setQueryData(key, saved);
      wish(null);
      say(words.saved);
    },
  );
  const move = (id: string, to: number) => {
    const ids = groupOf(id);
    const next = placed(ids, ids.indexOf(id), to);
    // One window is put in order at a time: the act names its visits alone.
    if (next === ids || (wished && !wished.ids.includes(id))) return;
    wish({ ids: next, version: wished?.version ?? round.version });
    const name = round.stops.find((each) => each.appointment_id === id)?.display_name ?? "";
    speak(words.placed(name, to + 1));
  };
  const drop = (event: DragEvent, id: string) => {
    event.preventDefault();
    if (dragged.current) move(dragged.current, groupOf(dragged.current).indexOf(id));
    dragged.current = null;
  };
  const overtaken = wished !== null && wished.version !== round.version;
  const fits = save.refusal?.more.fits;
  return (
    <div className="stack">
      <p className="row">
        <strong>{round.practitioner}</strong>
        <span className="muted">{words.visits(round.stops.length)}</span>
      </p>
      {groups.some((each) => each.length > 1) ? (
        <p className="small muted rounds-noprint">{words.orderHelp}</p>
      ) : null}
      <p className="visually-hidden" role="status">
        {spoken}
      </p>
      {overtaken ? (
        <Strip
          state="warn"
          role="alert"
          acts={
            <Button
              onClick={() => {
                save.renew();
                const there = new Set(groups.flat().map((each) => each.appointment_id));
                wish({ ids: wished.ids.filter((id) => there.has(id)), version: round.version });
              }}
            >
              {words.reread}
            </Button>
          }
        >
          {words.changed}
        </Strip>
      ) : null}
      <RefusalStrip refusal={save.refusal} />
      {typeof fits === "number" ? <p>{words.fits(fits)}</p> : null}
      <ol className="rounds" aria-label={words.order}>
        {inOrder(round.stops, wished?.ids ?? null).map((stop) => {
          const ids = groupOf(stop.appointment_id);
          const at = ids.indexOf(stop.appointment_id);
          const free = at >= 0 && ids.length > 1 && (!wished || wished.ids.includes(stop.appointment_id));
          return (
            <li
              key={stop.appointment_id}
              data-moved={wished?.ids.includes(stop.appointment_id) || undefined}
              draggable={free}
              onDragStart={() => {
                dragged.current = stop.appointment_id;
              }}
              onDragOver={(event) => free && event.preventDefault()}
              onDrop={(event) => drop(event, stop.appointment_id)}
            >
              <StopLine stop={stop} />
              {free ? (
                <span className="row rounds-noprint">
                  <Button
                    aria-label={words.up(stop.display_name)}
                    aria-disabled={at === 0 || undefined}
                    onClick={() => move(stop.appointment_id, at - 1)}
                  >
                    <ArrowUp size={16} aria-hidden="true" />
                    {words.upShort}
                  </Button>
                  <Button
                    aria-label={words.down(stop.display_name)}
                    aria-disabled={at === ids.length - 1 || undefined}
                    onClick={() => move(stop.appointment_id, at + 1)}
                  >
                    <ArrowDown size={16} aria-hidden="true" />
                    {words.downShort}
                  </Button>
                </span>
              ) : null}
            </li>
          );
        })}
      </ol>
      {wished ? (
        <div className="row rounds-noprint">
          <Button
            kind="primary"
            busy={save.pending}
            blocked={overtaken ? words.changed : undefined}
            onClick={() => void save.run(wished)}
          >
            {words.save}
          </Button>
          <Button
            onClick={() => {
              wish(null);
              save.renew();
            }}
          >
            {words.giveUp}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** The stops with those of the wished order at the places that they hold together. */
function inOrder(stops: readonly Stop[], ids: readonly string[] | null): readonly Stop[] {
  if (!ids) return stops;
  const waiting = ids.flatMap((id) => stops.find((each) => each.appointment_id === id) ?? []);
  return stops.map((stop) => (ids.includes(stop.appointment_id) ? (waiting.shift() ?? stop) : stop));
}

function StopLine({ stop }: { readonly stop: Stop }) {
  const words = useWords(roundWords);
  const { language } = useLanguage();
  const { where } = stop;
  const town = [where.postal_code, where.city].filter(Boolean).join(" ");
  return (
    <>
      <span className="rounds-time">{timeOfDay(stop.start, language)}</span>
      <span className="stack rounds-what">
        <span className="row">
          <Link href={`/patients/${stop.patient_id}`}>{stop.display_name}</Link>
          <Badge state={STATES[stop.status] ?? "neutral"}>{words.status[stop.status]}</Badge>
        </span>
        <span>{[where.place, where.line, town].filter(Boolean).join(", ") || words.mode[stop.mode]}</span>
        <span className="small muted">
          {[
            where.access ? words.access(where.access) : "",
            stop.window_end ? words.until(timeOfDay(stop.window_end, language)) : words.outside,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {stop.phone ? <a href={`tel:${stop.phone}`}>{stop.phone}</a> : null}
      </span>
    </>
  );
}
