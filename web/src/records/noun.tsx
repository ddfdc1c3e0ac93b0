import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Topic } from "../live/topics";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { Badge, Empty, Read, Strip } from "../ui/state";
import { type Column, DataTable } from "../ui/table";
import { Title } from "../ui/title";
import { useWords } from "../words/language";
import { useArea } from "./chapters";
import { useList } from "./read";
import { RecordForm, type Versioned } from "./record";
import type { Group, Values } from "./values";
import { recordWords } from "./words";

/** A simple thing that a manager sets up: how it is listed, asked for, made and changed. */
export interface Noun<Row extends Versioned> {
  /** Its address below the area: `sites`. */
  readonly path: string;
  readonly title: string;
  readonly intro?: string;
  readonly add?: string;
  readonly addTitle: string;
  readonly empty: string;
  readonly queryKey: readonly unknown[];
  readonly read: () => Promise<Row[]>;
  readonly topics?: readonly Topic[];
  readonly name: (row: Row) => string;
  /** A row that is no longer in use is marked, not hidden. */
  readonly inactive?: (row: Row) => boolean;
  /** A row that is kept as it was: shown, never changed again. */
  readonly frozen?: (row: Row) => boolean;
  readonly columns: readonly Column<Row>[];
  readonly groups: (row: Row | null) => readonly Group[];
  readonly blank: Values;
  readonly values: (row: Row) => Values;
  readonly create?: (values: Values, key: string) => Promise<Row>;
  readonly change?: (row: Row, values: Values, key: string, version: number) => Promise<Row>;
  /** One's own acts beside the form: what belongs to the record and is saved by itself. */
  readonly beside?: (row: Row) => ReactNode;
  /** After it was made, its form stays open: something is still to be said there. */
  readonly stays?: boolean;
}

const MANY = 10;
/** Rows drawn at once. */
const PAGE = 50;

/** The list of a noun, and the form of the one that is open beside it. The address says which. */
export function NounScreen<Row extends Versioned>({
  noun,
  id,
}: {
  readonly noun: Noun<Row>;
  readonly id?: string | undefined;
}) {
  const list = useList(noun.queryKey, noun.read, noun.topics);
  const back = useRef<string | null>(null);
  useEffect(() => {
    if (!id && back.current) {
      document.getElementById(`row-${back.current}`)?.focus();
      back.current = null;
    }
  }, [id]);
  return (
    <>
      <Title>{noun.title}</Title>
      {noun.intro ? <p className="muted records-intro">{noun.intro}</p> : null}
      <Read of={list}>
        {(rows) => (
          <div className="records-split" data-open={id ? true : undefined}>
            <Rows noun={noun} rows={rows} id={id} />
            {id ? (
              <Opened
                key={id}
                noun={noun}
                rows={rows}
                id={id}
                onLeave={(left) => {
                  back.current = left;
                }}
              />
            ) : null}
          </div>
        )}
      </Read>
    </>
  );
}

interface RowsProps<Row extends Versioned> {
  readonly noun: Noun<Row>;
  readonly rows: readonly Row[];
  readonly id?: string | undefined;
}

function Rows<Row extends Versioned>({ noun, rows, id }: RowsProps<Row>) {
  const words = useWords(recordWords);
  const area = useArea();
  const [, go] = useLocation();
  const [wanted, setWanted] = useState("");
  const [most, setMost] = useState(PAGE);
  const fits = fold(wanted);
  const shown = fits ? rows.filter((row) => fold(noun.name(row)).includes(fits)) : rows;
  const add =
    noun.create && noun.add ? (
      <Button kind={id ? "plain" : "primary"} onClick={() => go(`${area}/${noun.path}/new`)}>
        <Plus size={16} aria-hidden="true" />
        {noun.add}
      </Button>
    ) : null;
  const named: Column<Row> = {
    id: "name",
    head: words.name,
    names: true,
    cell: (row) => (
      <span className="row">
        <Link
          id={`row-${row.id}`}
          href={`${area}/${noun.path}/${row.id}`}
          aria-current={row.id === id || undefined}
        >
          {noun.name(row)}
        </Link>
        {noun.inactive?.(row) ? <Badge>{words.inactive}</Badge> : null}
      </span>
    ),
  };
  return (
    <section className="stack records-list">
      <div className="row spread">
        {rows.length > MANY ? (
          <TextField
            label={words.filter}
            hint={words.countOf(shown.length, rows.length)}
            type="search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        ) : rows.length > 0 ? (
          <span className="muted">{words.count(rows.length)}</span>
        ) : (
          <span />
        )}
        {add}
      </div>
      {rows.length === 0 ? (
        <Empty>{noun.empty}</Empty>
      ) : (
        <DataTable
          caption={noun.title}
          captionHidden
          columns={id ? [named, ...noun.columns.slice(0, 1)] : [named, ...noun.columns]}
          rows={shown.slice(0, most)}
          keyOf={(row) => row.id}
          selected={id}
          onMore={shown.length > most ? () => setMost(most + PAGE) : undefined}
        />
      )}
      {rows.length > 0 && shown.length === 0 ? <Empty>{words.noneFits}</Empty> : null}
    </section>
  );
}

interface OpenedProps<Row extends Versioned> {
  readonly noun: Noun<Row>;
  readonly rows: readonly Row[];
  readonly id: string;
  readonly onLeave: (id: string) => void;
}

function Opened<Row extends Versioned>({ noun, rows, id, onLeave }: OpenedProps<Row>) {
  const words = useWords(recordWords);
  const client = useQueryClient();
  const area = useArea();
  const [, go] = useLocation();
  const row = id === "new" ? null : rows.find((each) => each.id === id);
  if (row === undefined) return <Strip state="info">{words.notThere}</Strip>;
  const list = `${area}/${noun.path}`;
  const reread = async () => {
    await client.invalidateQueries({ queryKey: noun.queryKey });
  };
  return (
    <section className="panel stack">
      <RecordForm
        name={noun.path}
        title={row ? noun.name(row) : noun.addTitle}
        groups={noun.groups(row)}
        row={row}
        values={noun.values}
        blank={noun.blank}
        readOnly={row ? !noun.change || (noun.frozen?.(row) ?? false) : !noun.create}
        save={(values, key, version) => {
          if (row && noun.change) return noun.change(row, values, key, version ?? row.version);
          if (noun.create) return noun.create(values, key);
          throw new Error(`${noun.path} cannot be saved`);
        }}
        again={async (wanted) => (await noun.read()).find((each) => each.id === wanted)}
        onSaved={async (saved) => {
          await reread();
          onLeave(saved.id);
          go(noun.stays && !row ? `${list}/${saved.id}` : list);
        }}
        onClose={() => {
          if (row) onLeave(row.id);
          go(list);
        }}
      />
      {row && noun.beside ? noun.beside(row) : null}
    </section>
  );
}

/** Without accents and capitals: what a person types to find something. */
export function fold(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().trim();
}
