import { Link } from "wouter";
import { NeedBadge } from "../../cooperation/badges";
import { useNames } from "../../cooperation/names";
import { Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { addDays, dayAndTime, timeOfDay, today } from "../../words/time";
import { type Need, useOperations } from "./queries";
import { hospitalWords } from "./words";

const WORST: readonly Need["state"][] = ["short", "at_risk", "arriving", "covered"];

/** What tomorrow's operations need against what there is: what is missing first. */
export function Tomorrow() {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const names = useNames();
  const day = addDays(today(), 1);
  const query = useOperations(day);
  return (
    <Read of={query}>
      {({ items }) => {
        const needs = items.flatMap((operation) => operation.needs);
        if (needs.length === 0) {
          return (
            <Empty acts={<Link href={`/hospital/operations?day=${day}`}>{words.openProgramme}</Link>}>
              {words.noNeed}
            </Empty>
          );
        }
        return (
          <DataTable
            caption={words.tomorrowNeeds}
            rows={needs.toSorted(
              (a, b) =>
                WORST.indexOf(a.state) - WORST.indexOf(b.state) || a.starts_at.localeCompare(b.starts_at),
            )}
            keyOf={(need) => need.id}
            columns={[
              {
                id: "operation",
                head: words.operation,
                cell: (need) => (
                  <Link className="mono" href={`/hospital/operations?day=${day}`}>
                    {need.operation_ref}
                  </Link>
                ),
              },
              { id: "state", head: words.state, cell: (need) => <NeedBadge state={need.state} /> },
              {
                id: "what",
                head: words.composition,
                cell: (need) => `${need.quantity} × ${names.composition(need.composition_id)}`,
              },
              {
                id: "starts",
                head: words.starts,
                cell: (need) => `${timeOfDay(need.starts_at, language)}, ${need.theatre}`,
              },
              {
                id: "promise",
                head: words.promise,
                cell: (need) => (need.p90 ? dayAndTime(need.p90, language) : "–"),
              },
            ]}
          />
        );
      }}
    </Read>
  );
}
