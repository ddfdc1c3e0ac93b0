import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { RecordForm } from "../../records/record";
import { type Group, only, type Values } from "../../records/values";
import { Button } from "../../ui/button";
import { Badge, Empty, Read } from "../../ui/state";
import { useWords } from "../../words/language";
import { change, type Many, make, Retire, type Rows, readAll, stale, useAll } from "./collection";
import { plantWords } from "./words";

interface Props<M extends Many> {
  readonly many: M;
  /** The member that names the record above, and its id. */
  readonly of: keyof Rows[M] & string;
  readonly above: string;
  readonly title: string;
  readonly add: string;
  readonly empty: string;
  readonly name: (row: Rows[M]) => string;
  readonly say?: (row: Rows[M]) => ReactNode;
  readonly groups: readonly Group[];
  readonly blank: Values;
  readonly made: string;
  readonly changed: string;
}

/** The few rows that belong to a record and are saved by themselves: compartments of a vehicle, items of a flow. */
export function Below<M extends Many>(props: Props<M>) {
  const { many, of, above, name } = props;
  const words = useWords(plantWords);
  const client = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const list = useAll(many);
  return (
    <section className="stack plant-step" aria-label={props.title}>
      <h3>{props.title}</h3>
      <Read of={list} lines={2}>
        {(all) => {
          const rows = all.filter((row) => row[of] === above);
          const row = rows.find((each) => each.id === open) ?? null;
          return (
            <>
              {rows.length === 0 && open === null ? <Empty>{props.empty}</Empty> : null}
              <ul className="stack">
                {rows.map((each) =>
                  each.id === open ? null : (
                    <li key={each.id} className="row spread">
                      <span className="row">
                        {name(each)} <span className="muted">{props.say?.(each)}</span>
                        {each.retired_at ? <Badge>{words.inactive}</Badge> : null}
                      </span>
                      {each.retired_at ? null : (
                        <Button aria-label={words.changeOf(name(each))} onClick={() => setOpen(each.id)}>
                          {words.change}
                        </Button>
                      )}
                    </li>
                  ),
                )}
              </ul>
              {open === null ? (
                <div>
                  <Button onClick={() => setOpen("new")}>{props.add}</Button>
                </div>
              ) : (
                <div className="panel stack">
                  <RecordForm<Rows[M]>
                    key={open}
                    name={`${many}/${above}`}
                    title={row ? name(row) : props.add}
                    groups={props.groups}
                    row={row}
                    values={(each) => ({ ...each })}
                    blank={props.blank}
                    save={(values, key, version) =>
                      row
                        ? change(many, row.id, only(values, props.changed), key, version ?? row.version)
                        : make(many, { ...only(values, props.made), [of]: above }, key)
                    }
                    again={async (id) => (await readAll(many)).find((each) => each.id === id)}
                    onSaved={async () => {
                      await stale(client, many);
                      setOpen(null);
                    }}
                    onClose={() => setOpen(null)}
                  />
                  {row ? <Retire many={many} row={row} name={name(row)} /> : null}
                </div>
              )}
            </>
          );
        }}
      </Read>
    </section>
  );
}
