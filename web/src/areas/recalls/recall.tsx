import { Link } from "wouter";
import type { Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { cooperationWords } from "../../cooperation/words";
import { Badge, Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { Closing } from "./closing";
import { Lines } from "./lines";
import { useRecall } from "./queries";
import { recallsWords } from "./words";

/** One recall: how far it is, each line with who acts, and its end. */
export function RecallFile({ id }: { readonly id: string }) {
  const words = useWords(recallsWords);
  const query = useRecall(id);
  return (
    <div className="stack">
      <p>
        <Link href="/recalls">{words.back}</Link>
      </p>
      <Title>{words.recallTitle}</Title>
      <Read of={query}>{(recall) => <Whole recall={recall} />}</Read>
    </div>
  );
}

function Whole({ recall }: { readonly recall: Schema<"cooperation.RecallOut"> }) {
  const words = useWords(recallsWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const done = recall.lines - recall.left;
  const extends_ =
    recall.state === "open" &&
    ["sterilisation_releaser", "gcs_manager"].includes(session.context?.role ?? "");
  return (
    <>
      <section className="panel stack">
        <p className="recalls-count">{words.settled(recall.lines, done)}</p>
        <progress
          className="recalls-progress"
          aria-label={words.progress}
          max={Math.max(1, recall.lines)}
          value={done}
        />
        <div className="row">
          {recall.state === "open" ? (
            <Badge state="danger">{words.open}</Badge>
          ) : (
            <Badge state="ok">{recall.unfounded ? words.unfounded : words.closed}</Badge>
          )}
          <strong>{recall.cause}</strong>
          <span className="muted">{dayAndTime(recall.opened_at, language)}</span>
        </div>
        <ul className="row">
          {recall.by_member.map((each) => (
            <li key={each.organisation_id}>
              <Badge state={each.left === 0 ? "ok" : "warn"}>{words.leftOf(each.name, each.left)}</Badge>
            </li>
          ))}
        </ul>
        <Signatures of={recall.signatures} />
        {recall.state === "open" ? (
          <div className="row">
            <Closing recall={recall} />
            {extends_ ? (
              <Link className="button" href={`/recalls/${recall.id}/extend`}>
                {words.extend}
              </Link>
            ) : null}
          </div>
        ) : null}
      </section>
      <Lines recall={recall} />
    </>
  );
}

/** Who has signed what, under which role. */
export function Signatures({
  of: signatures,
}: {
  readonly of: readonly Schema<"cooperation.SignatureOut">[];
}) {
  const words = useWords(recallsWords);
  const shared = useWords(cooperationWords);
  const { language } = useLanguage();
  return (
    <p>
      {words.signatures} :{" "}
      {signatures.length === 0 ? <span className="muted">{words.noSignature}</span> : null}
      {signatures
        .map((each) =>
          words.signed(shared.role[each.role] ?? each.role, dayAndTime(each.signed_at, language)),
        )
        .join(" ; ")}
    </p>
  );
}
