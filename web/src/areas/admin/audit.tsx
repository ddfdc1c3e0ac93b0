import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { Empty, Loading, ReadFailed, Strip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { addDays, clockTime, dateOnly, instantAt, today } from "../../words/time";
import { AuditFile } from "./audit-file";
import { roleName } from "./role-names";
import { adminWords } from "./words";

type Line = Schema<"gateway.Line">;

export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly record: string;
  readonly action: string;
}

/** `visitor:01a207ab729…` as `visitor:01a207ab`: the whole stands in the exported file. */
function shortActor(actor: string): string {
  const [kind, id = ""] = actor.split(":");
  return id ? `${kind}:${id.slice(0, kind === "system" ? 40 : 8)}` : actor;
}

/** Whole days of Paris as instants; empty criteria are left out. */
export function asQuery(asked: Asked) {
  return {
    from: instantAt(asked.from, "00:00"),
    to: instantAt(addDays(asked.to, 1), "00:00"),
    ...(asked.actor ? { actor: asked.actor } : {}),
    ...(asked.record ? { record: asked.record } : {}),
    ...(asked.action ? { action: asked.action } : {}),
  };
}

/** Who did what to which record: by record, person, day. Nothing personal is kept in the address. */
export default function Audit() {
  const words = useWords(adminWords);
  const [asked, ask] = useState<Asked>({ from: today(), to: today(), actor: "", record: "", action: "" });
  return (
    <>
      <p className="muted">{words.auditText}</p>
      <form
        key={JSON.stringify(asked)}
        className="admin-filters"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const text = (name: keyof Asked) => String(form.get(name) ?? "").trim();
          ask({
            from: text("from") || today(),
            to: text("to") || text("from") || today(),
            actor: text("actor"),
            record: text("record"),
            action: text("action"),
          });
        }}
      >
        <TextField label={words.from} name="from" type="date" defaultValue={asked.from} required />
        <TextField label={words.to} name="to" type="date" defaultValue={asked.to} required />
        <TextField label={words.record} name="record" className="mono" defaultValue={asked.record} />
        <TextField label={words.person} name="actor" className="mono" defaultValue={asked.actor} />
        <TextField label={words.action} name="action" className="mono" defaultValue={asked.action} />
        <Button kind="primary" type="submit">
          {words.look}
        </Button>
      </form>
      <AuditFile asked={asked} />
      <Lines asked={asked} onAsk={(more) => ask({ ...asked, ...more })} />
    </>
  );
}

function Lines({ asked, onAsk }: { readonly asked: Asked; readonly onAsk: (more: Partial<Asked>) => void }) {
  const words = useWords(adminWords);
  const pages = useInfiniteQuery({
    queryKey: ["gateway", "audit", asked],
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/gateway/v1/audit", {
          params: { query: { ...asQuery(asked), limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // Each reading is itself audited: once asked, not again by itself.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (pages.isPending) return <Loading lines={8} />;
  if (!pages.data) return <ReadFailed error={pages.error} retry={() => void pages.refetch()} />;
  const away = new Set(
    pages.data.pages.flatMap((page) =>
      page.sources.filter((each) => each.state === "away").map((s) => s.service),
    ),
  );
  const lines = pages.data.pages.flatMap((page) => page.items);
  return (
    <>
      {away.size ? (
        <Strip state="warn" role="status">
          {words.sourcesAway([...away].join(", "))}
        </Strip>
      ) : null}
      {lines.length === 0 ? (
        <Empty>{words.noLines}</Empty>
      ) : (
        <AuditTable
          lines={lines}
          onAsk={onAsk}
          onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
          busy={pages.isFetchingNextPage}
        />
      )}
    </>
  );
}

function AuditTable({
  lines,
  onAsk,
  onMore,
  busy,
}: {
  readonly lines: readonly Line[];
  readonly onAsk: (more: Partial<Asked>) => void;
  readonly onMore: (() => void) | undefined;
  readonly busy: boolean;
}) {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const short = (id: string) => id.slice(0, 8);
  return (
    <DataTable
      caption={words.audit}
      captionHidden
      rows={lines}
      keyOf={(each) => each.id}
      onMore={onMore}
      moreBusy={busy}
      columns={[
        {
          id: "when",
          head: words.when,
          cell: (each) => (
            <span className="admin-when">
              {dateOnly(each.at, language)} {clockTime(each.at, language)}
            </span>
          ),
        },
        {
          id: "who",
          head: words.by,
          cell: (each) => (
            <>
              {each.actor.startsWith("person:") ? (
                <Button
                  kind="quiet"
                  className="admin-opens"
                  aria-label={words.onlyPerson(each.actor_name ?? short(each.actor.slice(7)))}
                  onClick={() => onAsk({ actor: each.actor, record: "" })}
                >
                  {each.actor_name ?? short(each.actor.slice(7))}
                </Button>
              ) : (
                <span className="mono small">{shortActor(each.actor)}</span>
              )}
              {each.role ? <span className="small muted"> {roleName(each.role, language)}</span> : null}
            </>
          ),
        },
        {
          id: "did",
          head: words.did,
          cell: (each) => (
            <>
              <span className="mono small">{each.action}</span>
              <br />
              <span className="muted small">{each.service}</span>
            </>
          ),
        },
        {
          id: "on",
          head: words.on,
          cell: (each) => (
            <Button
              kind="quiet"
              className="admin-opens"
              aria-label={words.onlyRecord(`${each.record} ${short(each.record_id)}`)}
              onClick={() => onAsk({ record: each.record_id, actor: "" })}
            >
              {each.record} <span className="mono small">{short(each.record_id)}</span>
            </Button>
          ),
        },
        { id: "where", head: words.where, cell: (each) => <span className="mono small">{each.ip}</span> },
        {
          id: "facts",
          head: words.details,
          cell: (each) => (
            <span className="mono admin-facts">
              {Object.entries(each.facts)
                .map(
                  ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
                )
                .join(" ")}
            </span>
          ),
        },
      ]}
    />
  );
}
