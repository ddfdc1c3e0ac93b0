import { Route, Switch } from "wouter";
import { Day } from "./day";
import { Drive } from "./drive";
import "./transport.css";

/** Tours of a day for who plans them, and one tour for who drives it. */
export default function Transport() {
  return (
    <Switch>
      <Route path="/transport">
        <Day />
      </Route>
      <Route path="/transport/:id">{({ id }) => <Drive key={id} id={id} />}</Route>
    </Switch>
  );
}
