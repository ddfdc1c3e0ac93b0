import { type ComponentType, lazy, Suspense } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useSession } from "../../api/session";
import { Loading, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { uiWords } from "../../ui/words";
import { useWords } from "../../words/language";
import type { fr } from "./fr";
import { adminWords } from "./words";
import "./admin.css";
import { Persons } from "./persons";

interface Chapter {
  readonly path: string;
  readonly name: (words: typeof fr) => string;
  readonly needs: readonly string[];
  readonly Screen: ComponentType;
}

const ADMINISTRATOR = ["gateway:account.write"];
const AUDITOR = ["gateway:audit.read"];
const CHAPTERS: readonly Chapter[] = [
  { path: "persons", name: (w) => w.persons, needs: ADMINISTRATOR, Screen: Persons },
  { path: "audit", name: (w) => w.audit, needs: AUDITOR, Screen: lazy(() => import("./audit")) },
  { path: "devices", name: (w) => w.devices, needs: ADMINISTRATOR, Screen: lazy(() => import("./devices")) },
  {
    path: "identities",
    name: (w) => w.identities,
    needs: ADMINISTRATOR,
    Screen: lazy(() => import("./identities")),
  },
  {
    path: "delegations",
    name: (w) => w.delegations,
    needs: ADMINISTRATOR,
    Screen: lazy(() => import("./delegations")),
  },
  {
    path: "organisations",
    name: (w) => w.organisations,
    needs: ADMINISTRATOR,
    Screen: lazy(() => import("./organisations")),
  },
  {
    path: "permissions",
    name: (w) => w.permissions,
    needs: [...ADMINISTRATOR, ...AUDITOR],
    Screen: lazy(() => import("./permissions")),
  },
  {
    path: "status",
    name: (w) => w.status,
    needs: [...ADMINISTRATOR, ...AUDITOR],
    Screen: lazy(() => import("./status")),
  },
];
const Person = lazy(() => import("./person"));

/** Accounts, roles, devices and delegations for the administrator; who opened what for the auditor. */
export default function Admin() {
  const words = useWords(adminWords);
  const ui = useWords(uiWords);
  const { may } = useSession();
  const [location] = useLocation();
  const chapters = CHAPTERS.filter((chapter) => may(...chapter.needs));
  return (
    <div className="admin">
      <nav className="admin-nav" aria-label={words.chapters}>
        <ul>
          {chapters.map((chapter) => (
            <li key={chapter.path}>
              <Link
                href={`/admin/${chapter.path}`}
                aria-current={location.split("/")[2] === chapter.path ? "page" : undefined}
              >
                {chapter.name(words)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="stack">
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/admin">
              <Redirect to={`/admin/${chapters[0]?.path}`} replace />
            </Route>
            {may(...ADMINISTRATOR) ? (
              <Route path="/admin/persons/:id">{({ id }) => <Person key={id} id={id} />}</Route>
            ) : null}
            {chapters.map((chapter) => (
              <Route key={chapter.path} path={`/admin/${chapter.path}`}>
                <Title>{chapter.name(words)}</Title>
                <chapter.Screen />
              </Route>
            ))}
            <Route>
              <Title>{words.title}</Title>
              <Strip state="info">{ui.notFound}</Strip>
            </Route>
          </Switch>
        </Suspense>
      </div>
    </div>
  );
}
