import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useSession } from "../../api/session";
import { Strip } from "../../ui/state";
import { useWords } from "../../words/language";
import { Floor } from "./floor";
import { Invoice, Invoices } from "./invoices";
import { Quality } from "./quality";
import { Reports } from "./reports";
import { Review } from "./review";
import { Staffing } from "./staffing";
import { Training } from "./training";
import { supervisionWords } from "./words";
import "./supervision.css";

const SCREENS = [
  { id: "floor", needs: "telesecretariat:floor.supervise", Screen: Floor },
  { id: "reports", needs: "telesecretariat:report.read", Screen: Reports },
  { id: "staffing", needs: "telesecretariat:report.read", Screen: Staffing },
  { id: "quality", needs: "telesecretariat:floor.supervise", Screen: Quality },
  { id: "invoices", needs: "telesecretariat:report.read", Screen: Invoices },
  { id: "training", needs: "telesecretariat:floor.supervise", Screen: Training },
] as const;

/** The supervisor's desk; a manager opens its reports. */
export default function Supervision() {
  const words = useWords(supervisionWords);
  const { may } = useSession();
  const [location] = useLocation();
  const mine = SCREENS.filter((screen) => may(screen.needs));
  const here = location.split("/")[2];
  const first = mine[0];
  if (!first) return <Strip state="info">{words.nothingForYou}</Strip>;
  return (
    <div className="stack supervision">
      <nav className="sections" aria-label={words.screens}>
        {mine.map((screen) => (
          <Link
            key={screen.id}
            href={`/supervision/${screen.id}`}
            aria-current={here === screen.id ? "page" : undefined}
          >
            {words[screen.id]}
          </Link>
        ))}
        {may("telesecretariat:floor.watch") ? (
          <Link href="/supervision/wall" className="button" data-kind="quiet">
            {words.openWall}
          </Link>
        ) : null}
      </nav>
      <Switch>
        {may("telesecretariat:floor.supervise") ? (
          <Route path="/supervision/quality/:id">{({ id }) => <Review key={id} id={id} />}</Route>
        ) : null}
        {may("telesecretariat:report.read") ? (
          <Route path="/supervision/invoices/:id">{({ id }) => <Invoice id={id} />}</Route>
        ) : null}
        {mine.map(({ id, Screen }) => (
          <Route key={id} path={`/supervision/${id}`} component={Screen} />
        ))}
        <Route>
          <Redirect to={`/supervision/${first.id}`} replace />
        </Route>
      </Switch>
    </div>
  );
}
