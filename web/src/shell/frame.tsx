import { lazy, Suspense } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useSession } from "../api/session";
import { type Area, areasOf } from "../areas";
import { Loading, Strip } from "../ui/state";
import { Title } from "../ui/title";
import { useWords } from "../words/language";
import { Boundary } from "./boundary";
import { ConnectionMark } from "./connection";
import { Notices } from "./notices";
import { PersonMenu } from "./person-menu";
import { Tools } from "./tools";
import { shellWords } from "./words";

const CallBar = lazy(() => import("../calls/call-bar"));

/** The frame around every area: where one is, who one is, whether what is shown is true, and the call under way. */
export function Frame() {
  const { session, may } = useSession();
  const areas = areasOf(session.permissions ?? {}, session.context?.role, session.context?.organisation_kind);
  const wall = session.kind === "wall";
  const home = areas.find((area) => !area.unlisted) ?? areas[0];
  return (
    <Switch>
      {areas.map((area) => (
        <Route key={area.path} path={`/${area.path}/*?`}>
          {area.bare ? (
            <Boundary key={area.path}>
              <Suspense fallback={<Loading />}>
                <area.Screen />
              </Suspense>
            </Boundary>
          ) : (
            <Framed areas={areas} area={area} calls={may("telesecretariat:call.handle")} />
          )}
        </Route>
      ))}
      <Route path="/">
        {home ? (
          <Redirect to={`/${wall ? "supervision/wall" : home.path}${window.location.search}`} replace />
        ) : (
          <Framed areas={areas} />
        )}
      </Route>
      <Route>
        <Framed areas={areas} missing />
      </Route>
    </Switch>
  );
}

interface FramedProps {
  readonly areas: readonly Area[];
  readonly area?: Area;
  readonly calls?: boolean;
  readonly missing?: boolean;
}

function Framed({ areas, area, calls, missing }: FramedProps) {
  const words = useWords(shellWords);
  const [location] = useLocation();
  const role = useSession().session.context?.role;
  return (
    <div className="frame">
      <a className="skip button" href="#content">
        {words.skip}
      </a>
      <header className="top">
        <Link href="/" className="brand">
          M<span>aillage</span>
        </Link>
        <nav aria-label={words.areas}>
          <ul className="areas">
            {areas
              .filter((each) => !each.unlisted)
              .map((each) => (
                <li key={each.path}>
                  <Link href={`/${each.path}`} aria-current={each === area ? "page" : undefined}>
                    {each.name(words, role)}
                  </Link>
                </li>
              ))}
          </ul>
        </nav>
        <div className="row tools">
          <ConnectionMark />
          <Tools areas={areas} />
          <PersonMenu />
        </div>
      </header>
      <Notices />
      {calls ? (
        <Boundary key="calls">
          <Suspense fallback={null}>
            <CallBar />
          </Suspense>
        </Boundary>
      ) : null}
      <main id="content" tabIndex={-1} data-area={area?.path}>
        {area ? (
          <Boundary key={area.path + location.split("/")[1]}>
            <Suspense fallback={<Loading />}>
              <area.Screen />
            </Suspense>
          </Boundary>
        ) : (
          <div className="stack">
            <Title>{missing ? words.missing : words.brandTitle}</Title>
            <Strip state="info">{missing ? words.notFound : words.noArea}</Strip>
            {missing ? (
              <p>
                <Link href="/" className="button" data-kind="primary">
                  {words.backHome}
                </Link>
              </p>
            ) : null}
          </div>
        )}
      </main>
    </div>
  );
}
