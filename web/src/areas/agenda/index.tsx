import { lazy, Suspense } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useSession } from "../../api/session";
import { Empty, Loading } from "../../ui/state";
import { useWords } from "../../words/language";
import "./agenda.css";
import { DayScreen } from "./day";
import { agendaWords } from "./words";

const Reception = lazy(() => import("./reception"));
const WaitingList = lazy(() => import("./waiting"));
const Absences = lazy(() => import("./absences"));
const Rounds = lazy(() => import("./rounds"));
const Campaign = lazy(() => import("./campaign"));

/** Addresses of people are for those who go there, and for those who plan it. */
const GO_OUT = new Set(["telesecretary", "supervisor", "front_desk", "practitioner", "nurse"]);

/** The agenda of a centre: days and weeks, reception, waiting list, absences and what they move. */
export default function Agenda() {
  const words = useWords(agendaWords);
  const [path] = useLocation();
  const { session, may } = useSession();
  const parts = [
    { to: "/agenda/day", name: words.day, here: /^\/agenda(\/day.*)?$/ },
    { to: "/agenda/week", name: words.week, here: /^\/agenda\/week/ },
    { to: "/agenda/reception", name: words.reception, here: /^\/agenda\/reception/ },
    { to: "/agenda/waiting", name: words.waiting, here: /^\/agenda\/waiting/ },
    { to: "/agenda/rounds", name: words.rounds, here: /^\/agenda\/rounds/ },
    { to: "/agenda/absences", name: words.absences, here: /^\/agenda\/(absences|campaigns)/ },
  ];
  const role = session.context?.role ?? "";
  const shown = parts
    .filter((each) => each.to !== "/agenda/absences" || may("appointments:schedule.write"))
    .filter((each) => each.to !== "/agenda/rounds" || GO_OUT.has(role));
  return (
    <div className="agenda stack">
      <nav className="sections" aria-label={words.sections}>
        {shown.map((each) => (
          <Link key={each.to} href={each.to} aria-current={each.here.test(path) ? "page" : undefined}>
            {each.name}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Loading lines={8} />}>
        <Switch>
          <Route path="/agenda">
            <Redirect to="/agenda/day" replace />
          </Route>
          <Route path="/agenda/day/:day?">{({ day }) => <DayScreen day={day} />}</Route>
          <Route path="/agenda/week/:practitioner?/:day?">
            {({ practitioner, day }) => <DayScreen week day={day} practitioner={practitioner} />}
          </Route>
          <Route path="/agenda/reception">
            <Reception />
          </Route>
          <Route path="/agenda/waiting">
            <WaitingList />
          </Route>
          <Route path="/agenda/rounds/:practitioner?/:day?">
            {({ practitioner, day }) => <Rounds practitioner={practitioner} day={day} />}
          </Route>
          <Route path="/agenda/absences">
            <Absences />
          </Route>
          <Route path="/agenda/campaigns/:id">{({ id }) => <Campaign id={id} />}</Route>
          <Route>
            <Empty acts={<Link href="/agenda/day">{words.today}</Link>}>{words.noOpening}</Empty>
          </Route>
        </Switch>
      </Suspense>
    </div>
  );
}
