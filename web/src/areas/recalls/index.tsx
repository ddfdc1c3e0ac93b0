import { Route, Switch } from "wouter";
import { HoldFile } from "./hold";
import { Lists } from "./lists";
import { NewRecall } from "./new-recall";
import { RecallFile } from "./recall";
import "./recalls.css";

/** What must be found and isolated: recalls line by line until nothing is left, holds with their contacts. */
export default function Recalls() {
  return (
    <Switch>
      <Route path="/recalls/new">
        <NewRecall />
      </Route>
      <Route path="/recalls/holds">
        <Lists tab="holds" />
      </Route>
      <Route path="/recalls/holds/:id">{(at) => <HoldFile key={at.id} id={at.id} />}</Route>
      <Route path="/recalls/:id/extend">{(at) => <NewRecall key={at.id} extended={at.id} />}</Route>
      <Route path="/recalls/:id">{(at) => <RecallFile key={at.id} id={at.id} />}</Route>
      <Route>
        <Lists tab="recalls" />
      </Route>
    </Switch>
  );
}
