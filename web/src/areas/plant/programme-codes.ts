import type { Option } from "../../records/values";
import type { Rows } from "./collection";

type Programme = Rows["programmes"];

/** A programme by its code: the newest of its numbers says its name. */
export function programmeOptions(rows: readonly Programme[]): Option[] {
  const newest = new Map<string, Programme>();
  for (const row of rows) if ((newest.get(row.code)?.no ?? 0) < row.no) newest.set(row.code, row);
  return [...newest.values()]
    .map((row) => ({ value: row.code, label: row.name }))
    .toSorted((one, other) => one.label.localeCompare(other.label));
}

export function codes(rows: readonly Programme[], wanted: readonly string[]): string {
  const options = programmeOptions(rows);
  return wanted.map((code) => options.find((each) => each.value === code)?.label ?? code).join(", ");
}
