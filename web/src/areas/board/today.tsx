import { Link, useLocation } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { NeedBadge, StageBadge } from "../../cooperation/badges";
import { OpenIssues } from "../../cooperation/issues";
import { setOfIssue, useNames, useSets } from "../../cooperation/names";
import { cooperationWords } from "../../cooperation/words";
import { useLiveQuery } from "../../live/live";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, longDay, now, timeOfDay } from "../../words/time";
import { Plan } from "./plan";
import { Scans } from "./scans";
import { Urgent } from "./urgent";
import { boardWords } from "./words";

type BoardOut = Schema<"cooperation.BoardOut">;

/** The plant's day on one page: what operations need, what is late, what waits for a decision. */
export function Today() {
  const words = useWords(boardWords);
  const { may } = useSession();
  const [, go] = useLocation();
  const query = useLiveQuery({
    queryKey: ["cooperation", "board"],
    queryFn: () => body(api.GET("/api/cooperation/v1/board")),
    topics: ["cooperation.*"],
    atMostEvery: 3_000,
    // That time alone puts a stop behind is told by nothing: it is read again when it is seen.
    refetchOnWindowFocus: "always",
  });
  return (
    <>
      <Plan />
      <Read of={query} lines={12}>
        {(board) => (
          <>
            <Counts board={board} />
            <Urgent rows={board.urgent} />
            <Needs board={board} />
            <div className="board-columns">
              <Late board={board} />
              <Stops />
              <Machines board={board} />
            </div>
          </>
        )}
      </Read>
      <Promises />
      {may("cooperation:setup.write") ? <Scans /> : null}
      <section className="stack">
        <h2>{words.issues}</h2>
        <OpenIssues onSubject={(issue) => void setOfIssue(issue).then((id) => go(`/sets/${id}`))} />
      </section>
    </>
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
          <strong>{board.loans_expected}</strong> {words.loansDue}
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

/** Stops that are behind their promise, of tours not yet back. */
function Stops() {
  const words = useWords(boardWords);
  const { language } = useLanguage();
  const names = useNames();
  const query = useLiveQuery({
    queryKey: ["cooperation", "stops_late"],
    queryFn: lateStops,
    topics: ["cooperation.stop_late", "cooperation.tour_changed", "cooperation.handover_recorded"],
    atMostEvery: 5_000,
    refetchOnWindowFocus: "always",
  });
  return (
    <section className="panel stack">
      <h2>{words.stopsLate}</h2>
      <Read of={query} lines={2}>
        {(stops) =>
          stops.length === 0 ? (
            <p>{words.noStopLate}</p>
          ) : (
            <ul className="stack">
              {stops.map((stop) => (
                <li key={stop.id} className="row">
                  <Badge state="danger">{words.promisedAt(timeOfDay(stop.promised_at, language))}</Badge>
                  {names.site(stop.site_id)}
                </li>
              ))}
            </ul>
          )
        }
      </Read>
    </section>
  );
}

async function lateStops() {
  const tours = await Promise.all(
    (["loading", "under_way"] as const).map((state) =>
      body(api.GET("/api/cooperation/v1/tours", { params: { query: { state, limit: 20 } } })),
    ),
  );
  const files = await Promise.all(
    tours
      .flatMap(({ items }) => items)
      .map(({ id }) =>
        body(api.GET("/api/cooperation/v1/tours/{tour_id}", { params: { path: { tour_id: id } } })),
      ),
  );
  const at = now().getTime();
  return files
    .flatMap(({ stops }) => stops)
    .filter((stop) => stop.state === "expected" && Date.parse(stop.promised_at) < at)
    .toSorted((a, b) => a.promised_at.localeCompare(b.promised_at));
}

/** When each set on its way will be at its site. */
function Promises() {
  const words = useWords(boardWords);
  const { language } = useLanguage();
  const names = useNames();
  const { data: sets = [] } = useSets();
  const query = useLiveQuery({
    queryKey: ["cooperation", "promises"],
    queryFn: () => body(api.GET("/api/cooperation/v1/promises", { params: { query: { limit: 200 } } })),
    topics: ["cooperation.promise_changed", "cooperation.run_stage_changed"],
    atMostEvery: 3_000,
  });
  return (
    <Read of={query}>
      {({ items }) =>
        items.length === 0 ? null : (
          <DataTable
            caption={words.promises}
            rows={items.toSorted((a, b) => a.p90.localeCompare(b.p90))}
            keyOf={(row) => row.run_id + row.site_id}
            columns={[
              {
                id: "set",
                head: words.set,
                cell: (row) => (
                  <Link href={`/sets/${row.set_id}`}>
                    {sets.find((each) => each.id === row.set_id)?.name ?? words.set}
                  </Link>
                ),
              },
              { id: "stage", head: words.stage, cell: (row) => <StageBadge stage={row.stage} /> },
              { id: "site", head: words.site, cell: (row) => names.site(row.site_id) },
              { id: "half", head: words.likely, cell: (row) => dayAndTime(row.p50, language) },
              { id: "nine", head: words.sure, cell: (row) => dayAndTime(row.p90, language) },
            ]}
          />
        )
      }
    </Read>
  );
}
