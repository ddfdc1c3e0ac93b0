import { Link, Route, Switch, useRoute } from "wouter";
import { useSession } from "../../api/session";
import { useWords } from "../../words/language";
import { Absences } from "./absences";
import { Day } from "./day";
import { Inbox } from "./inbox";
import { practitionerWords } from "./words";
import "./practitioner.css";

/** What a doctor or a nurse looks at between two patients, often on a phone. */
export default function Practitioner() {
  const words = useWords(practitionerWords);
  const { may } = useSession();
  const [inDay] = useRoute("/practitioner/day/*?");
  const [inAbsences] = useRoute("/practitioner/absences");
  const here = inDay ? "day" : inAbsences ? "absences" : "messages";
  const link = (id: typeof here, href: string, name: string) => (
    <Link href={href} aria-current={here === id ? "page" : undefined}>
      {name}
    </Link>
  );
  return (
    <div className="stack practitioner">
      <nav className="sections" aria-label={words.screens}>
        {link("messages", "/practitioner", words.messages)}
        {link("day", "/practitioner/day", words.day)}
        {may("appointments:schedule.write")
          ? link("absences", "/practitioner/absences", words.absences)
          : null}
      </nav>
      <Switch>
        <Route path="/practitioner/day/:day?">{({ day }) => <Day day={day} />}</Route>
        <Route path="/practitioner/absences" component={Absences} />
        <Route component={Inbox} />
      </Switch>
    </div>
  );
}
