import { Route, Switch } from "wouter";
import { Catalogue } from "./catalogue";
import { File } from "./file";
import { List } from "./list";
import "./sets.css";

/** Every set within reach: found by name, tag or code; its whole life on one page; what it is made of. */
export default function Sets() {
  return (
    <Switch>
      <Route path="/sets/catalogue/:id?">{(at) => <Catalogue compositionId={at.id} />}</Route>
      <Route path="/sets/:id/runs/:run">{(at) => <File key={at.id} setId={at.id} runId={at.run} />}</Route>
      <Route path="/sets/:id">{(at) => <File key={at.id} setId={at.id} />}</Route>
      <Route>
        <List />
      </Route>
    </Switch>
  );
}
