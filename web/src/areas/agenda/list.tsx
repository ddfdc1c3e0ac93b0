import { useDirectory } from "../../booking";
import { Button } from "../../ui/button";
import { Badge, type State } from "../../ui/state";
import { type Column as Cell, DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { timeOfDay } from "../../words/time";
import { type Column, movable, type Placed } from "./blocks";
import { marksOf } from "./drawing";
import { agendaWords } from "./words";

interface Props {
  readonly columns: readonly Column[];
  readonly blocks: readonly Placed[];
  readonly headOf: (column: Column) => string;
  readonly mayWrite: boolean;
  readonly onOpen: (block: Placed) => void;
  readonly onMove: (block: Placed) => void;
}

const STATES: Readonly<Record<string, State>> = {
  pending: "warn",
  arrived: "info",
  fulfilled: "ok",
  noshow: "danger",
};

/** The same day as the grid, line by line: it does all that the grid does. */
export function AgendaList({ columns, blocks, headOf, mayWrite, onOpen, onMove }: Props) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const { reasonLabel, siteName } = useDirectory();
  const time = (block: Placed) => timeOfDay(block.start, language);
  const cells: readonly Cell<Placed>[] = [
    { id: "when", head: words.when, cell: (block) => <span className="agenda-time">{time(block)}</span> },
    {
      id: "who",
      head: words.who,
      cell: (block) =>
        block.kind === "visit"
          ? block.visit.patient_name
          : block.kind === "hold"
            ? words.heldUntil(timeOfDay(block.hold.expires_at, language))
            : block.kind === "free"
              ? words.openingKind[block.opening.kind]
              : words.closed,
    },
    {
      id: "what",
      head: words.what,
      cell: (block) =>
        [
          words.minutes(block.minutes),
          block.kind === "visit" ? reasonLabel(block.visit.reason_id) : "",
          siteName(block.siteId),
        ]
          .filter(Boolean)
          .join(", "),
    },
    {
      id: "state",
      head: words.state,
      cell: (block) =>
        block.kind === "visit" ? (
          <span className="row">
            <Badge state={STATES[block.visit.status] ?? "neutral"}>{words.status[block.visit.status]}</Badge>
            {marksOf({ ...block.visit, status: "booked" }, words).map((mark) => (
              <Badge key={mark} state="warn">
                {mark}
              </Badge>
            ))}
          </span>
        ) : null,
    },
    {
      id: "acts",
      head: words.acts,
      cell: (block) => (
        <Acts block={block} time={time(block)} mayWrite={mayWrite} onOpen={onOpen} onMove={onMove} />
      ),
    },
  ];
  return (
    <div className="stack">
      {columns.map((column) => {
        const rows = blocks.filter((each) => each.column === column.id);
        return rows.length === 0 ? null : (
          <DataTable
            key={column.id}
            caption={headOf(column)}
            columns={cells}
            rows={rows}
            keyOf={(block) => block.id}
          />
        );
      })}
    </div>
  );
}

interface ActsProps extends Pick<Props, "mayWrite" | "onOpen" | "onMove"> {
  readonly block: Placed;
  readonly time: string;
}

function Acts({ block, time, mayWrite, onOpen, onMove }: ActsProps) {
  const words = useWords(agendaWords);
  if (block.kind === "free") {
    return mayWrite ? (
      <Button onClick={() => onOpen(block)}>
        {words.book}
        <span className="visually-hidden">{words.atTime(time)}</span>
      </Button>
    ) : null;
  }
  if (block.kind !== "visit") return null;
  const whom = <span className="visually-hidden">{words.forPatient(block.visit.patient_name)}</span>;
  return (
    <span className="row">
      <Button onClick={() => onOpen(block)}>
        {words.open}
        {whom}
      </Button>
      {mayWrite && movable(block) ? (
        <Button kind="quiet" onClick={() => onMove(block)}>
          {words.move}
          {whom}
        </Button>
      ) : null}
    </span>
  );
}
