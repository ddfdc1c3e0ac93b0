import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../../api/client";
import { Button } from "../../../ui/button";
import { SelectField } from "../../../ui/field";
import { Badge, Empty, Loading, ReadFailed, type State } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { Title } from "../../../ui/title";
import { useLanguage, useWords } from "../../../words/language";
import { clockTime, dateOnly } from "../../../words/time";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { Resend } from "./resend";
import { followWords } from "./words";

export type Message = Schema<"appointments.MessageOut">;
export const SENT = ["appointments", "messages", "sent"] as const;

const STATES: Readonly<Record<Message["state"], State>> = {
  planned: "neutral",
  sending: "info",
  sent: "info",
  delivered: "ok",
  failed: "danger",
  unknown: "warn",
  dropped: "unknown",
};
/** What a person may order to be sent once more; what is on its way or was overtaken is not offered. */
const AGAIN: ReadonlySet<Message["state"]> = new Set(["sent", "delivered", "failed", "unknown"]);
const EACH = 50;

/** What was sent to patients: by which way, when, with which receipt. Never what it said. */
export default function Messages(_: ChapterProps) {
  const words = useWords(followWords);
  const all = useWords(setupWords);
  const [state, setState] = useState("");
  const [kind, setKind] = useState("");
  return (
    <>
      <Title>{all.messages}</Title>
      <p className="muted records-intro">{words.intro}</p>
      <Box />
      <div className="records-line">
        <SelectField label={words.state} value={state} onChange={(event) => setState(event.target.value)}>
          <option value="">{words.anyState}</option>
          {Object.entries(words.states).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField label={words.kind} value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="">{words.anyKind}</option>
          {Object.entries(words.kinds).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <Button
          onClick={() => {
            setState("failed");
            setKind("");
          }}
        >
          {words.onlyFailed}
        </Button>
      </div>
      <Sent
        state={(state || null) as Message["state"] | null}
        kind={(kind || null) as Message["kind"] | null}
      />
    </>
  );
}

/** A development installation sends to nobody: where its messages can be read. */
function Box() {
  const words = useWords(followWords);
  const status = useQuery({
    queryKey: ["gateway", "status"],
    queryFn: () => body(api.GET("/api/gateway/v1/status")),
  });
  const box = status.data?.mailbox_url;
  if (!box) return null;
  return (
    <p>
      {words.development}{" "}
      <a href={box} target="_blank" rel="noreferrer">
        {words.openBox}
      </a>
    </p>
  );
}

interface Asked {
  readonly state: Message["state"] | null;
  readonly kind: Message["kind"] | null;
}

function Sent({ state, kind }: Asked) {
  const words = useWords(followWords);
  const { language } = useLanguage();
  const [again, setAgain] = useState<Message | null>(null);
  const pages = useInfiniteQuery({
    queryKey: [...SENT, state, kind],
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/appointments/v1/messages", {
          params: {
            query: {
              limit: EACH,
              ...(state ? { state } : {}),
              ...(kind ? { kind } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    meta: { topics: ["appointments.appointment_*"], atMostEvery: 5_000 },
  });
  if (pages.isPending) return <Loading lines={8} />;
  if (!pages.data) return <ReadFailed error={pages.error} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Empty>{state || kind ? words.noneFits : words.none}</Empty>;
  return (
    <>
      <DataTable
        caption={words.caption}
        captionHidden
        rows={rows}
        keyOf={(row) => row.id}
        onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
        moreBusy={pages.isFetchingNextPage}
        columns={[
          {
            id: "when",
            head: words.when,
            cell: (row) => {
              const at = row.sent_at ?? row.due_at;
              return `${dateOnly(at, language)}, ${clockTime(at, language)}`;
            },
          },
          { id: "kind", head: words.kind, cell: (row) => words.kinds[row.kind] },
          { id: "to", head: words.to, cell: (row) => <span className="mono">{row.to}</span> },
          { id: "by", head: words.by, cell: (row) => words.channels[row.channel] },
          {
            id: "state",
            head: words.state,
            cell: (row) => <Badge state={STATES[row.state]}>{words.states[row.state]}</Badge>,
          },
          { id: "tries", head: words.tries, number: true, cell: (row) => row.attempts },
          {
            id: "again",
            head: <span className="visually-hidden">{words.again}</span>,
            cell: (row) =>
              AGAIN.has(row.state) ? (
                <Button aria-label={words.againTo(row.to)} onClick={() => setAgain(row)}>
                  {words.again}
                </Button>
              ) : null,
          },
        ]}
      />
      {again ? <Resend message={again} onClose={() => setAgain(null)} /> : null}
    </>
  );
}
