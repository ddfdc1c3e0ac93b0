import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";
import { IdentityBadge, PersonLine } from "../../patients";
import { Badge, Empty, Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { Merges } from "./merging";
import { areaWords } from "./words";

/** Pairs that may be one person, the likeliest first, and the merges that can still be undone. */
export function Duplicates() {
  const words = useWords(areaWords);
  const { language } = useLanguage();
  const pairs = useLiveQuery<Schema<"appointments.Duplicates">>({
    queryKey: ["appointments", "duplicates"],
    queryFn: ({ signal }) =>
      body(api.GET("/api/appointments/v1/duplicates", { params: { query: { limit: 50 } }, signal })),
    topics: ["appointments.patient_merged", "appointments.patient_unmerged"],
  });
  return (
    <div className="patients-page stack">
      <div className="row spread">
        <Title>{words.duplicatesTitle}</Title>
        <Link href="/patients">{words.toSearch}</Link>
      </div>
      <Read of={pairs}>
        {(read) => (
          <>
            <p className="muted">
              {read.searched_at
                ? words.searchedAt(dayAndTime(read.searched_at, language))
                : words.notSearched}
            </p>
            {read.items.length ? (
              <ul className="patients-list panel">
                {read.items.map(({ first, second, score, grounds }) => (
                  <li key={`${first.id}/${second.id}`} className="row spread">
                    <div className="stack">
                      {[first, second].map((person) => (
                        <span key={person.id} className="row">
                          <PersonLine person={person} language={language} />
                          <IdentityBadge status={person.identity_status} />
                        </span>
                      ))}
                    </div>
                    <span className="row">
                      {grounds.map((each) => (
                        <Badge key={each} state="info">
                          {words.grounds[each]}
                        </Badge>
                      ))}
                      <span className="muted">{words.likely(Math.round(score * 100))}</span>
                      <Link className="button" href={`/patients/${first.id}/with/${second.id}`}>
                        {words.compare}
                      </Link>
                    </span>
                  </li>
                ))}
              </ul>
            ) : (
              <Empty>{words.noDuplicate}</Empty>
            )}
          </>
        )}
      </Read>
      <section className="panel stack" aria-label={words.merges}>
        <h2>{words.merges}</h2>
        <Merges />
      </section>
    </div>
  );
}
