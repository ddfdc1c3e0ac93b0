import { useLocation } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { NeedBadge } from "../../cooperation/badges";
import { OpenIssues } from "../../cooperation/issues";
import { setOfIssue, useNames } from "../../cooperation/names";
import { cooperationWords } from "../../cooperation/words";
import { useLiveQuery } from "../../live/live";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, longDay } from "../../words/time";
import { Scans } from "./scans";
import { Urgent } from "./urgent";
import { boardWords } from "./words";
import "./board.css";

type BoardOut = Schema<"cooperation.BoardOut">;

/** The plant's day on one page: what operations need, what is late, what waits for a decision. */
export default function Board() {
  const words = useWords(boardWords);
  const { may } = useSession();
  const [, go] = useLocation();
  const query = useLiveQuery({
    queryKey: ["cooperation", "board"],
    queryFn: () => body(api.GET("/api/cooperation/v1/board")),
    topics: ["cooperation.*"],
    atMostEvery: 3_000,
  });
  return (
    <div className="stack">
      <Title>{words.title}</Title>
      <Read of={query} lines={12}>
        {(board) => (
          <>
            <Counts board={board} />
            <Urgent rows={board.urgent} />
            <Needs board={board} />
            <div className="board-columns">
              <Machines board={board} />
              <Late board={board} />
            </div>
          </>
        )}
      </Read>
      {may("cooperation:setup.write") ? <Scans /> : null}
      <section className="stack">
        <h2>{words.issues}</h2>
        <OpenIssues onSubject={(issue) => void setOfIssue(issue).then((id) => go(`/sets/${id}`))} />
      </section>
    </div>
  );
}

function Counts({ board }: { readonly board: BoardOut }) {
  const words = useWords(boardWords);
  const shared = useWords(cooperationWords);
  const { language } = useLanguage();
  const states = ["short", "at_risk", "arriving", "covered"] as const;
  return (
    <section className="panel stack">
      <h2>
        {words.needs}, {longDay(board.local_day, language)}
      </h2>
      <ul className="board-counts">
        {states.map((state) => (
          <li key={state} data-state={board.needs[state] ? state : undefined}>
            <strong>{board.needs[state] ?? 0}</strong> {shared.needState[state]}
          </li>
        ))}
        <li>
          <strong>{board.loads_to_decide}</strong> {words.loads}
        </li>
        <li>
          <strong>{board.loans_expected}</strong> {words.loans}
        </li>
      </ul>
    </section>
  );
}

function Needs({ board }: { readonly board: BoardOut }) {
  const words = useWords(boardWords);
  const { language } = useLanguage();
  const names = useNames();
  if (board.needs_open.length === 0) return <Empty>{words.noNeed}</Empty>;
  return (
    <DataTable
      caption={words.needs}
      rows={board.needs_open}
      keyOf={(need) => need.id}
      columns={[
        {
          id: "operation",
          head: words.operation,
          cell: (need) => <span className="mono">{need.operation_ref}</span>,
        },
        { id: "state", head: words.state, cell: (need) => <NeedBadge state={need.state} /> },
        {
          id: "composition",
          head: words.composition,
          cell: (need) => `${need.quantity - need.used} × ${names.composition(need.composition_id)}`,
        },
        { id: "deadline", head: words.deadline, cell: (need) => dayAndTime(need.deadline, language) },
        {
          id: "promise",
          head: words.promise,
          cell: (need) => (need.p90 ? words.nine(dayAndTime(need.p90, language)) : "–"),
        },
        {
          id: "site",
          head: words.site,
          cell: (need) => `${names.site(need.site_id)}, ${need.theatre}`,
        },
      ]}
    />
  );
}

function Machines({ board }: { readonly board: BoardOut }) {
  const words = useWords(boardWords);
  return (
    <section className="panel stack">
      <h2>{words.machines}</h2>
      {board.machines_not_ready.length === 0 ? <p>{words.allReady}</p> : null}
      <ul className="stack">
        {board.machines_not_ready.map((machine) => (
          <li key={machine.machine_id} className="row">
            <strong>{machine.name}</strong>
            {machine.reasons.map((reason) => (
              <Badge key={reason} state="warn">
                {words.machineReason[reason] ?? reason}
              </Badge>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Late({ board: { late } }: { readonly board: BoardOut }) {
  const words = useWords(boardWords);
  const rows = [
    [words.stops, late.stops_late],
    [words.handovers, late.handovers_overdue],
    [words.records, late.records_overdue],
    [words.soaking, late.soaking_too_long],
    [words.notBack, late.sets_not_back],
  ] as const;
  const shown = rows.filter(([, count]) => count > 0);
  return (
    <section className="panel stack">
      <h2>{words.late}</h2>
      {shown.length === 0 ? <p>{words.nothingLate}</p> : null}
      <ul className="stack">
        {shown.map(([name, count]) => (
          <li key={name} className="row">
            <Badge state="danger">{count}</Badge> {name}
          </li>
        ))}
      </ul>
    </section>
  );
}
