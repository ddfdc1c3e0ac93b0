import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act, everyPage, pageOf, useList } from "../../../records/read";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Badge, Empty, Read, RefusalStrip } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { Title } from "../../../ui/title";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { longDay } from "../../../words/time";
import { useReasons, useRooms, useSites } from "../centre/shared";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { SessionDialog } from "./session-form";
import { hoursText, useOwnPeople } from "./shared";
import { hoursWords } from "./words";

export type Session = Schema<"appointments.SessionOut">;
const SESSIONS = ["appointments", "sessions", "to-come"] as const;

/** Days on which practitioners from elsewhere receive here: no windows that recur, a date each. */
export default function Sessions(_: ChapterProps) {
  const words = useWords(hoursWords);
  const all = useWords(setupWords);
  const client = useQueryClient();
  const toast = useToast();
  const { people, loaded } = useOwnPeople();
  const visiting = people.filter((each) => each.person?.external && each.active);
  const [open, setOpen] = useState<Session | "new" | null>(null);
  const [ending, setEnding] = useState<Session | null>(null);
  const list = useList(
    SESSIONS,
    () =>
      everyPage<Session>((cursor) =>
        body(api.GET("/api/appointments/v1/sessions", { params: { query: pageOf(cursor) } })),
      ),
    ["appointments.availability_changed", "appointments.practitioner_changed"],
  );
  const read = () => client.invalidateQueries({ queryKey: SESSIONS });
  return (
    <>
      <div className="row spread">
        <Title>{all.sessions}</Title>
        <Button
          kind="primary"
          blocked={loaded && visiting.length === 0 ? words.nobodyVisits : undefined}
          onClick={() => setOpen("new")}
        >
          <Plus size={16} aria-hidden="true" />
          {words.addSession}
        </Button>
      </div>
      <p className="muted records-intro">{words.sessionsIntro}</p>
      <Read of={list}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{words.noSession}</Empty>
          ) : (
            <SessionTable rows={rows} onChange={setOpen} onCancel={setEnding} />
          )
        }
      </Read>
      {open ? (
        <SessionDialog
          session={open === "new" ? null : open}
          people={visiting}
          onClose={() => setOpen(null)}
          onSaved={async (saved) => {
            setOpen(null);
            const conflicts = saved.reduce((sum, each) => sum + (each.conflicts ?? 0), 0);
            toast(words.sessionsSaved(saved.length, conflicts), conflicts > 0 ? "warn" : "ok");
            await read();
          }}
        />
      ) : null}
      {ending ? (
        <CancelSession
          session={ending}
          onClose={() => setEnding(null)}
          onDone={async (conflicts) => {
            setEnding(null);
            toast(words.sessionCancelled(conflicts), conflicts > 0 ? "warn" : "ok");
            await read();
          }}
        />
      ) : null}
    </>
  );
}

interface TableProps {
  readonly rows: readonly Session[];
  readonly onChange: (session: Session) => void;
  readonly onCancel: (session: Session) => void;
}

function SessionTable({ rows, onChange, onCancel }: TableProps) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  const sites = useSites().data ?? [];
  const rooms = useRooms().data ?? [];
  const reasons = useReasons().data ?? [];
  const said = (row: Session) => words.sessionOf(row.practitioner, longDay(row.local_date, language));
  return (
    <DataTable
      caption={words.sessionsCaption}
      captionHidden
      rows={[...rows].sort((one, other) => (at(one) < at(other) ? -1 : 1))}
      keyOf={(row) => row.id}
      columns={[
        {
          id: "day",
          head: words.day,
          names: true,
          cell: (row) => (
            <span className="row">
              {longDay(row.local_date, language)}
              {row.state === "cancelled" ? <Badge state="warn">{words.cancelled}</Badge> : null}
            </span>
          ),
        },
        {
          id: "hours",
          head: words.hours,
          cell: (row) => hoursText(row.local_start, row.local_end, language),
        },
        { id: "who", head: words.practitioner, cell: (row) => row.practitioner },
        {
          id: "where",
          head: words.site,
          cell: (row) =>
            [row.site_id, row.room_id]
              .map((id) => [...sites, ...rooms].find((each) => each.id === id)?.name)
              .filter(Boolean)
              .join(", "),
        },
        {
          id: "what",
          head: words.what,
          cell: (row) => (
            <>
              {row.reason_ids.length === 0
                ? words.allReasons
                : row.reason_ids.map((id) => reasons.find((each) => each.id === id)?.label).join(", ")}
              {row.note ? <span className="small muted"> {row.note}</span> : null}
            </>
          ),
        },
        {
          id: "acts",
          head: words.acts,
          cell: (row) =>
            row.state === "cancelled" ? null : (
              <span className="row">
                <Button aria-label={`${words.editRule} : ${said(row)}`} onClick={() => onChange(row)}>
                  {words.editRule}
                </Button>
                <Button
                  kind="quiet"
                  aria-label={`${words.cancelSession} : ${said(row)}`}
                  onClick={() => onCancel(row)}
                >
                  {words.cancelShort}
                </Button>
              </span>
            ),
        },
      ]}
    />
  );
}

const at = (session: Session) => session.local_date + session.local_start;

interface CancelProps {
  readonly session: Session;
  readonly onClose: () => void;
  readonly onDone: (conflicts: number) => void;
}

function CancelSession({ session, onClose, onDone }: CancelProps) {
  const words = useWords(hoursWords);
  const { language } = useLanguage();
  const cancel = useCommand(
    (_: null, key: string) =>
      body(
        api.DELETE("/api/appointments/v1/sessions/{session_id}", {
          params: { path: { session_id: session.id } },
          headers: act(key, session.version),
        }),
      ),
    (gone) => onDone(gone.conflicts ?? 0),
  );
  return (
    <Dialog
      title={words.cancelSession}
      onClose={onClose}
      foot={
        <>
          <Button data-first="" onClick={onClose}>
            {words.keepSession}
          </Button>
          <Button kind="danger" busy={cancel.pending} onClick={() => void cancel.run(null)}>
            {words.cancelSession}
          </Button>
        </>
      }
    >
      <p>
        <strong>{words.sessionOf(session.practitioner, longDay(session.local_date, language))}</strong>
      </p>
      <p>{words.cancelSessionText}</p>
      <RefusalStrip refusal={cancel.refusal} />
    </Dialog>
  );
}
