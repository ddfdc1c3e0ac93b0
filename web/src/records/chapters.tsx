import {
  type ComponentType,
  createContext,
  type LazyExoticComponent,
  type ReactNode,
  Suspense,
  useContext,
} from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useSession } from "../api/session";
import { useMedia } from "../ui/media";
import { Empty, Loading, Strip } from "../ui/state";
import { Title } from "../ui/title";
import { uiWords } from "../ui/words";
import { useWords } from "../words/language";
import "./records.css";

/** What a chapter is given: the record that the address names, `new`, or none. */
export interface ChapterProps {
  readonly id?: string | undefined;
}

export interface Chapter<Words> {
  readonly path: string;
  readonly name: (words: Words) => string;
  readonly needs: readonly string[];
  readonly Screen: LazyExoticComponent<ComponentType<ChapterProps>>;
}

export interface ChapterGroup<Words> {
  readonly id: string;
  readonly name: (words: Words) => string;
  readonly chapters: readonly Chapter<Words>[];
}

const Area = createContext("/setup");

/** The address of the area whose records are shown: `/setup`. */
export const useArea = () => useContext(Area);

interface Props<Words> {
  readonly area: string;
  readonly title: string;
  /** What the list of chapters is called by a screen reader. */
  readonly label: string;
  readonly nothing: string;
  readonly groups: readonly ChapterGroup<Words>[];
  readonly words: Words;
}

/** An area of records: a chapter per kind of thing, each loaded alone and offered to those who may change it. */
export function Chapters<Words>({ area, title, label, nothing, groups, words }: Props<Words>) {
  const ui = useWords(uiWords);
  const { may } = useSession();
  const here = useLocation()[0].split("/")[2];
  const open = groups
    .map((group) => ({ ...group, chapters: group.chapters.filter((chapter) => may(...chapter.needs)) }))
    .filter((group) => group.chapters.length > 0);
  const chapters = open.flatMap((group) => group.chapters);
  const first = chapters[0];
  if (!first)
    return (
      <>
        <Title>{title}</Title>
        <Empty>{nothing}</Empty>
      </>
    );
  return (
    <Area.Provider value={area}>
      <div className="records">
        <nav className="records-nav" aria-label={label}>
          <Folded label={label} here={chapters.find((chapter) => chapter.path === here)?.name(words)}>
            {open.map((group) => (
              <GroupLinks key={group.id} group={group} words={words} />
            ))}
          </Folded>
        </nav>
        <div className="records-chapter stack">
          <Switch>
            {chapters.map((chapter) => (
              <Route key={chapter.path} path={`${area}/${chapter.path}/:id?`}>
                {(params) => (
                  <Suspense key={chapter.path} fallback={<Loading />}>
                    <chapter.Screen id={params.id} />
                  </Suspense>
                )}
              </Route>
            ))}
            <Route path={area}>
              <Redirect to={`${area}/${first.path}`} replace />
            </Route>
            <Route>
              <Title>{title}</Title>
              <Strip state="info">{ui.notFound}</Strip>
            </Route>
          </Switch>
        </div>
      </div>
    </Area.Provider>
  );
}

/** On a narrow screen the chapter comes first: the list of all is behind its name, and closed again by a choice. */
function Folded({ label, here, children }: { label: string; here: string | undefined; children: ReactNode }) {
  const narrow = useMedia("(max-width: 800px)");
  const [location] = useLocation();
  if (!narrow) return children;
  return (
    <details key={location} className="records-folded">
      <summary>{here ? `${label} · ${here}` : label}</summary>
      <div className="stack">{children}</div>
    </details>
  );
}

function GroupLinks<Words>({ group, words }: { readonly group: ChapterGroup<Words>; readonly words: Words }) {
  const area = useArea();
  const [location] = useLocation();
  const here = location.split("/")[2];
  return (
    <div>
      <h2 id={`chapters-${group.id}`}>{group.name(words)}</h2>
      <ul aria-labelledby={`chapters-${group.id}`}>
        {group.chapters.map((chapter) => (
          <li key={chapter.path}>
            <Link href={`${area}/${chapter.path}`} aria-current={here === chapter.path ? "page" : undefined}>
              {chapter.name(words)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
