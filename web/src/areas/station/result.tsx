import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleDashed, CircleEllipsis, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import { api, body } from "../../api/client";
import type { Item } from "../../scan/queue-model";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { type Look, lookOf } from "./look";
import type { Post } from "./posts";
import { stationWords } from "./words";

const SHAPES = {
  ok: CircleCheck,
  warn: TriangleAlert,
  danger: OctagonAlert,
  info: Info,
  unknown: CircleDashed,
  read: CircleEllipsis,
};

/** The last scan, as a whole: nothing of the one before it is left. */
export function Result({
  item,
  post,
  notice,
}: {
  readonly item: Item | undefined;
  readonly post: Post;
  readonly notice: string | null;
}) {
  const words = useWords(stationWords);
  if (notice !== null || !item) {
    return (
      <section className="station-result" data-look="none" role="status" aria-label={words.lastScan}>
        <p className="station-notice">{notice ?? words.nothingYet}</p>
      </section>
    );
  }
  const look = lookOf(item, post.kind);
  const Shape = SHAPES[look.state];
  return (
    <section
      className="station-result"
      data-look={look.state}
      data-code={item.result?.code ?? undefined}
      role={look.state === "danger" ? "alert" : "status"}
      aria-label={words.lastScan}
    >
      <Shape size={64} aria-hidden="true" />
      <div>
        <strong className="station-word">{words.look[look.word]}</strong>
        <Says item={item} look={look} />
      </div>
    </section>
  );
}

function Says({ item, look }: { readonly item: Item; readonly look: Look }) {
  const words = useWords(stationWords);
  const { language } = useLanguage();
  const result = item.result;
  const label = typeof result?.details?.label === "string" ? result.details.label : null;
  return (
    <>
      <ThingName item={item} />
      {result?.message ? <p>{result.message}</p> : look.says ? <p>{words.says[look.says]}</p> : null}
      {result?.used_on ? <p>{words.usedOn(dateOnly(result.used_on, language))}</p> : null}
      {result?.expires_on ? <p>{words.usableUntil(dateOnly(result.expires_on, language))}</p> : null}
      {label ? <p className="mono">{label}</p> : null}
      {result?.expect && look.state !== "danger" ? (
        <p>
          {words.next} <strong>{result.expect}</strong>
        </p>
      ) : null}
    </>
  );
}

/** The name of what was scanned; the code itself when nothing better is known. */
export function ThingName({ item }: { readonly item: Item }) {
  const subject = item.result?.subject;
  const run = useQuery({
    queryKey: ["cooperation", "run", subject?.id ?? "", "name"],
    queryFn: async () => {
      const params = { path: { run_id: subject?.id ?? "" } };
      return (await body(api.GET("/api/cooperation/v1/runs/{run_id}", { params }))).run.set_name;
    },
    enabled: subject?.kind === "run",
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const code = item.code.split("/").at(-1)?.slice(-40) ?? "";
  return run.data ? (
    <p className="station-thing">{run.data}</p>
  ) : (
    <p className="station-thing mono">{code}</p>
  );
}

/** The scans before the last: two in a second are two results. */
export function Recent({ items }: { readonly items: readonly Item[] }) {
  const words = useWords(stationWords);
  if (items.length === 0) return null;
  return (
    <section className="stack">
      <h2>{words.before}</h2>
      <ol className="station-recent">
        {items.map((item) => {
          const look = lookOf(item, undefined);
          const Shape = SHAPES[look.state];
          return (
            <li key={item.id} data-look={look.state}>
              <Shape size={20} aria-hidden="true" />
              <span>{words.look[look.word]}</span>
              <ThingName item={item} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
