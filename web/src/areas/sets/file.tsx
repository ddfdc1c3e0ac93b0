import { useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../api/session";
import { BlockBadges, StageBadge } from "../../cooperation/badges";
import { DeclareIssue } from "../../cooperation/issues";
import { serialOf, useNames } from "../../cooperation/names";
import { cooperationWords } from "../../cooperation/words";
import { Button } from "../../ui/button";
import { Badge, Empty, Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { Abort } from "./abort";
import { Earlier } from "./earlier";
import { Labels } from "./labels";
import { type SetFile, useSetFile } from "./queries";
import { Run } from "./run";
import { setsWords } from "./words";

type Opened = "labels" | "issue" | "abort" | null;

/** A set's whole life on one page, which prints whole. */
export function File({ setId, runId }: { readonly setId: string; readonly runId?: string | undefined }) {
  const query = useSetFile(setId);
  const words = useWords(setsWords);
  return (
    <div className="stack sets-file">
      <p className="sets-screen-only">
        <Link href="/sets">{words.backToSets}</Link>
      </p>
      <Read of={query} lines={14}>
        {(file) => <Whole file={file} runId={runId} />}
      </Read>
      {query.data ? null : <Title hidden>{words.title}</Title>}
    </div>
  );
}

function Whole({ file, runId }: { readonly file: SetFile; readonly runId: string | undefined }) {
  const words = useWords(setsWords);
  const shared = useWords(cooperationWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const names = useNames();
  const [opened, open] = useState<Opened>(null);
  const live = file.runs.find((run) => run.ended_at === null);
  const shown = file.runs.find((run) => run.id === runId) ?? live;
  const close = () => open(null);
  return (
    <>
      <header className="panel stack">
        <div className="row spread">
          <Title>{words.fileTitle(file.name)}</Title>
          <div className="row sets-screen-only">
            <Button onClick={() => open("labels")}>{words.labels}</Button>
            <Button onClick={() => window.print()}>{words.print}</Button>
            {may("cooperation:issue.write") ? (
              <Button onClick={() => open("issue")}>{shared.declare}</Button>
            ) : null}
            {live && may("cooperation:scan.write") ? (
              <Button kind="danger" onClick={() => open("abort")}>
                {words.withdraw}
              </Button>
            ) : null}
          </div>
        </div>
        <div className="row">
          <StageBadge stage={live?.stage ?? null} />
          <BlockBadges blocks={file.blocks} />
          {file.temporary ? <Badge state="info">{words.temporary}</Badge> : null}
        </div>
        <dl className="sets-facts">
          <Fact name={words.tag} mono>
            {serialOf(file.tag)}
          </Fact>
          <Fact name={words.owner}>{names.member(file.owner_id)}</Fact>
          <Fact name={words.place}>
            {file.places.map((place) => place.name).join(" › ") || "–"}
            {file.places[0]?.site_id ? `, ${names.site(file.places[0].site_id)}` : ""}
          </Fact>
          <Fact name={words.composition}>
            <Link href={`/sets/catalogue/${file.composition_id}`}>
              {file.composition_name}, {words.version(file.composition_no)}
            </Link>
          </Fact>
          <Fact name={words.sterile}>{live?.sterile_on ? dateOnly(live.sterile_on, language) : "–"}</Fact>
          <Fact name={words.expires}>{live?.expires_on ? dateOnly(live.expires_on, language) : "–"}</Fact>
        </dl>
      </header>
      {shown ? <Run key={shown.id} runId={shown.id} /> : <Empty>{words.noRun}</Empty>}
      {file.instruments.length > 0 ? <Marked file={file} /> : null}
      <Earlier file={file} shown={shown?.id} />
      {opened === "labels" ? <Labels file={file} run={live} onClose={close} /> : null}
      {opened === "issue" ? (
        <DeclareIssue
          subject={live ? { kind: "run", id: live.id } : { kind: "set", id: file.id }}
          onClose={close}
        />
      ) : null}
      {opened === "abort" && live ? <Abort runId={live.id} onClose={close} /> : null}
    </>
  );
}

function Fact({
  name,
  mono,
  children,
}: {
  readonly name: string;
  readonly mono?: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={mono ? "mono" : undefined}>{children}</dd>
    </div>
  );
}

function Marked({ file }: { readonly file: SetFile }) {
  const words = useWords(setsWords);
  return (
    <section className="panel stack">
      <h2>{words.marked}</h2>
      <ul className="stack">
        {file.instruments.map((each) => (
          <li key={each.id} className="row">
            <strong>{each.model}</strong>
            <span className="mono small">{serialOf(each.code)}</span>
            <span>{words.uses(each.runs_count)}</span>
            <span className="muted">{words.instrumentState[each.status] ?? each.status}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
