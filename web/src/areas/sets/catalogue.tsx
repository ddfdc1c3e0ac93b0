import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCompositions, useModels, useNames, usePackagings, useSets } from "../../cooperation/names";
import { SelectField } from "../../ui/field";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { Draft, useProgrammes } from "./catalogue-draft";
import { compared, type Difference } from "./compare";
import "../../records/records.css";
import { setsWords } from "./words";

type Version = Schema<"cooperation.VersionOut">;

/** What sets are made of: one composition, two of its versions side by side. For reading. */
export function Catalogue({ compositionId }: { readonly compositionId: string | undefined }) {
  const words = useWords(setsWords);
  const [, go] = useLocation();
  const names = useNames();
  const query = useCompositions();
  const { data: sets = [] } = useSets();
  return (
    <div className="stack">
      <p>
        <Link href="/sets">{words.backToSets}</Link>
      </p>
      <Title>{words.catalogueTitle}</Title>
      <Read of={query}>
        {(rows) => {
          const sorted = rows.toSorted((a, b) => a.name.localeCompare(b.name));
          const chosen = sorted.find((row) => row.id === compositionId) ?? sorted[0];
          if (!chosen) return <Empty>{words.noComposition}</Empty>;
          return (
            <>
              <div className="panel row">
                <SelectField
                  label={words.chooseComposition}
                  value={chosen.id}
                  onChange={(event) => go(`/sets/catalogue/${event.target.value}`)}
                >
                  {sorted.map((row) => (
                    <option key={row.id} value={row.id}>
                      {`${row.name} (${row.code}), ${names.member(row.organisation_id)}`}
                    </option>
                  ))}
                </SelectField>
                <span className="muted">
                  {words.setsOf(sets.filter((set) => set.composition_id === chosen.id).length)}
                </span>
              </div>
              <Versions key={chosen.id} compositionId={chosen.id} />
            </>
          );
        }}
      </Read>
    </div>
  );
}

function Versions({ compositionId }: { readonly compositionId: string }) {
  const words = useWords(setsWords);
  const query = useQuery({
    queryKey: ["cooperation", "compositions", compositionId, "versions"],
    queryFn: () =>
      body(
        api.GET("/api/cooperation/v1/compositions/{composition_id}/versions", {
          params: { path: { composition_id: compositionId }, query: { limit: 100 } },
        }),
      ),
  });
  const [left, setLeft] = useState("");
  const [right, setRight] = useState("");
  return (
    <Read of={query}>
      {({ items }) => {
        const versions = items.toSorted((a, b) => b.no - a.no);
        const one = versions.find((each) => each.id === left) ?? versions[1] ?? versions[0];
        const other = versions.find((each) => each.id === right) ?? versions[0];
        if (!one || !other)
          return (
            <>
              <Empty>{words.noVersion}</Empty>
              <Draft compositionId={compositionId} versions={versions} />
            </>
          );
        const choice = (label: string, value: string, set: (id: string) => void) => (
          <SelectField label={label} value={value} onChange={(event) => set(event.target.value)}>
            {versions.map((each) => (
              <option key={each.id} value={each.id}>
                {words.versionName(each.no, words.versionState[each.state])}
              </option>
            ))}
          </SelectField>
        );
        return (
          <>
            {versions.length > 1 ? (
              <div className="panel row">
                {choice(words.compare, one.id, setLeft)}
                {choice(words.withVersion, other.id, setRight)}
              </div>
            ) : null}
            <Draft compositionId={compositionId} versions={versions} />
            <Side one={one} other={other} />
          </>
        );
      }}
    </Read>
  );
}

function Side({ one, other }: { readonly one: Version; readonly other: Version }) {
  const words = useWords(setsWords);
  const { language } = useLanguage();
  const { data: models = [] } = useModels();
  const { data: packagings = [] } = usePackagings();
  const { data: programmes = [] } = useProgrammes();
  const programme = (code: string) =>
    programmes.find((each) => each.code === code)?.name ?? <span className="mono">{code}</span>;
  const alone = one.id === other.id;
  const heads = (alone ? [other] : [one, other]).map((each) => (
    <dl key={each.id} className="sets-pairs panel">
      <dt>{words.versionName(each.no, words.versionState[each.state])}</dt>
      <dd>
        {words.adoptedOn} {each.adopted_at ? dateOnly(each.adopted_at, language) : words.never}
      </dd>
      <dt>{words.washProgramme}</dt>
      <dd>{programme(each.wash_programme)}</dd>
      <dt>{words.steriliseProgramme}</dt>
      <dd>{programme(each.programme)}</dd>
      <dt>{words.packagings}</dt>
      <dd>
        {each.packaging_ids
          .map((id) => packagings.find((row) => row.id === id)?.name)
          .filter(Boolean)
          .join(", ") || "–"}
      </dd>
      <dt>{words.prion}</dt>
      <dd>{words.prionClass[each.prion_class]}</dd>
      <dt>{words.category}</dt>
      <dd>{each.uo_category}</dd>
    </dl>
  ));
  const state = { same: "neutral", added: "ok", removed: "danger", changed: "warn" } as const;
  const shown = (line: Difference["one"]) =>
    line
      ? [
          String(line.quantity),
          line.critical ? words.critical : "",
          line.mode === "exclusive" ? words.exclusive : "",
        ]
          .filter(Boolean)
          .join(", ")
      : "–";
  return (
    <>
      <div className="sets-loads">{heads}</div>
      <DataTable
        caption={alone ? words.composition : words.versionsSide}
        rows={compared(one.lines, other.lines)}
        keyOf={(row) => row.key}
        columns={[
          {
            id: "line",
            head: words.line,
            cell: (row) => models.find((model) => model.id === row.model)?.alias ?? "–",
          },
          ...(alone
            ? []
            : [
                {
                  id: "one",
                  head: words.versionName(one.no, words.versionState[one.state]),
                  cell: (row: Difference) => shown(row.one),
                },
              ]),
          {
            id: "other",
            head: alone ? words.quantity : words.versionName(other.no, words.versionState[other.state]),
            cell: (row: Difference) => shown(row.other),
          },
          ...(alone
            ? []
            : [
                {
                  id: "difference",
                  head: words.difference,
                  cell: (row: Difference) => <Badge state={state[row.state]}>{words[row.state]}</Badge>,
                },
              ]),
        ]}
      />
    </>
  );
}
