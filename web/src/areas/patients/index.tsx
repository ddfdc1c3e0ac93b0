import { Route, Switch } from "wouter";
import { Compare } from "./compare";
import { Duplicates } from "./duplicates";
import { File } from "./file";
import { Search } from "./search";
import "./patients-area.css";

/** Patients: find one, her file, duplicates to settle. Addresses carry ids only. */
export default function Patients() {
  return (
    <Switch>
      <Route path="/patients/duplicates">
        <Duplicates />
      </Route>
      <Route path="/patients/:id/with/:other">
        {({ id, other }) => <Compare key={`${id}/${other}`} firstId={id} secondId={other} />}
      </Route>
      <Route path="/patients/:id">{({ id }) => <File key={id} id={id} />}</Route>
      <Route>
        <Search />
      </Route>
    </Switch>
  );
}
