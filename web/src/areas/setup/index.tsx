import { Suspense } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useSession } from "../../api/session";
import { Empty, Loading, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { uiWords } from "../../ui/words";
import { useWords } from "../../words/language";
import { CHAPTERS } from "./chapters";
import "./setup.css";
import { setupWords } from "./words";

/** What managers set up, and what a practitioner sets up for himself: a chapter per kind of thing, each loaded alone. */
export default function Setup() {
  const words = useWords(setupWords);
  const ui = useWords(uiWords);
  const { may } = useSession();
  const [location] = useLocation();
  const groups = CHAPTERS.map((group) => ({
    ...group,
    chapters: group.chapters.filter((chapter) => may(...chapter.needs)),
  })).filter((group) => group.chapters.length > 0);
  const chapters = groups.flatMap((group) => group.chapters);
  const first = chapters[0];
  if (!first)
    return (
      <>
        <Title>{words.title}</Title>
        <Empty>{words.nothingHere}</Empty>
      </>
    );
  return (
    <div className="setup">
      <nav className="setup-nav" aria-label={words.chapters}>
        {groups.map((group) => (
          <div key={group.id}>
            <h2 id={`setup-${group.id}`}>{group.name(words)}</h2>
            <ul aria-labelledby={`setup-${group.id}`}>
              {group.chapters.map((chapter) => (
                <li key={chapter.path}>
                  <Link
                    href={`/setup/${chapter.path}`}
                    aria-current={location.split("/")[2] === chapter.path ? "page" : undefined}
                  >
                    {chapter.name(words)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="setup-chapter stack">
        <Switch>
          {chapters.map((chapter) => (
            <Route key={chapter.path} path={`/setup/${chapter.path}/:id?`}>
              {(params) => (
                <Suspense key={chapter.path} fallback={<Loading />}>
                  <chapter.Screen id={params.id} />
                </Suspense>
              )}
            </Route>
          ))}
          <Route path="/setup">
            <Redirect to={`/setup/${first.path}`} replace />
          </Route>
          <Route>
            <Title>{words.title}</Title>
            <Strip state="info">{ui.notFound}</Strip>
          </Route>
        </Switch>
      </div>
    </div>
  );
}
