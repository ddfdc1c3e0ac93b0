import { useState } from "react";
import { Link, useLocation } from "wouter";
import { BlockBadges, type Stage, StageBadge } from "../../cooperation/badges";
import { type SetRow, serialOf, useBlocks, useNames, useSets } from "../../cooperation/names";
import { SetSearch } from "../../cooperation/set-search";
import { cooperationWords } from "../../cooperation/words";
import { Check, SelectField } from "../../ui/field";
import { Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { setsWords } from "./words";

const PAGE = 50;

/** All sets; what is wanted first is one of them, so the search stands first. */
export function List() {
  const words = useWords(setsWords);
  const shared = useWords(cooperationWords);
  const [, go] = useLocation();
  const names = useNames();
  const query = useSets();
  const blocks = useBlocks();
  const [stage, setStage] = useState<Stage | "">("");
  const [blockedOnly, setBlockedOnly] = useState(false);
  const [most, setMost] = useState(PAGE);
  const blocksOf = (row: SetRow) =>
    (blocks.data?.blocked ?? []).filter((each) => each.id === row.id || each.id === row.run_id);
  return (
    <div className="stack">
      <div className="row spread">
        <Title>{words.title}</Title>
        <Link className="button" href="/sets/catalogue">
          {words.catalogue}
        </Link>
      </div>
      <div className="panel sets-find">
        <SetSearch onChoose={(id) => go(`/sets/${id}`)} />
        <SelectField
          label={words.filter}
          value={stage}
          onChange={(event) => {
            setStage(event.target.value as Stage | "");
            setMost(PAGE);
          }}
        >
          <option value="">{words.everyStage}</option>
          {Object.entries(shared.stage).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <Check
          label={words.blockedOnly}
          checked={blockedOnly}
          onChange={(event) => setBlockedOnly(event.target.checked)}
        />
      </div>
      <Read of={query} lines={12}>
        {(all) => {
          if (all.length === 0) return <Empty>{words.noSet}</Empty>;
          const rows = all
            .filter((row) => !stage || row.stage === stage)
            .filter((row) => !blockedOnly || blocksOf(row).length > 0)
            .sort(
              (a, b) => Number(b.run_id !== null) - Number(a.run_id !== null) || a.name.localeCompare(b.name),
            );
          if (rows.length === 0) return <Empty>{words.none}</Empty>;
          return (
            <DataTable
              caption={words.allSets(rows.length, all.length)}
              rows={rows.slice(0, most)}
              keyOf={(row) => row.id}
              onMore={rows.length > most ? () => setMost(most + PAGE) : undefined}
              columns={[
                {
                  id: "name",
                  head: words.name,
                  cell: (row) => <Link href={`/sets/${row.id}`}>{row.name}</Link>,
                },
                { id: "stage", head: words.stage, cell: (row) => <StageBadge stage={row.stage} /> },
                {
                  id: "state",
                  head: words.state,
                  cell: (row) => {
                    const found = blocksOf(row);
                    return found.length === 0 ? (
                      <span className="muted">{words.free}</span>
                    ) : (
                      <BlockBadges blocks={found.map((each) => ({ kind: each.reason }))} />
                    );
                  },
                },
                { id: "place", head: words.place, cell: (row) => names.place(row.place_id) },
                { id: "owner", head: words.owner, cell: (row) => names.member(row.organisation_id) },
                {
                  id: "tag",
                  head: words.tag,
                  cell: (row) => <span className="mono">{serialOf(row.tag)}</span>,
                },
              ]}
            />
          );
        }}
      </Read>
    </div>
  );
}
