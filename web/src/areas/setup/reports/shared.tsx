import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { SelectField } from "../../../ui/field";
import { useLanguage, useWords } from "../../../words/language";
import { shortDay } from "../../../words/time";
import type { Period } from "./period";
import { reportWords } from "./words";

export interface Asked extends Period {
  readonly site?: string;
}

/** A report as it stands when it is asked for: figures of a period, read again when the window is. */
export function useReport<T>(name: string, asked: object, read: () => Promise<T>) {
  return useQuery<T>({
    queryKey: ["appointments", "report", name, asked],
    queryFn: read,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true,
  });
}

interface ByProps<Group extends string> {
  readonly groups: readonly Group[];
  readonly value: Group;
  readonly onChange: (group: Group) => void;
}

/** What the rows are. */
export function By<Group extends keyof (typeof reportWords)["fr"]["groups"]>(props: ByProps<Group>) {
  const words = useWords(reportWords);
  return (
    <div className="records-line">
      <SelectField
        label={words.by}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value as Group)}
      >
        {props.groups.map((each) => (
          <option key={each} value={each}>
            {words.groups[each]}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

/** A row's name; weeks come as the day of their Monday. */
export function useLabels(group: string): (row: { key: string; label: string }) => string {
  const { language } = useLanguage();
  return (row) => (group === "week" ? shortDay(row.key, language) : row.label);
}
