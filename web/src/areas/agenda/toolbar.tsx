import { ChevronLeft, ChevronRight, Printer } from "lucide-react";
import { usePractitioners, useSites } from "../../booking";
import { Button } from "../../ui/button";
import { SelectField, TextField } from "../../ui/field";
import { useWords } from "../../words/language";
import { addDays, today } from "../../words/time";
import { useAddress } from "./address";
import { agendaWords } from "./words";

interface Props {
  readonly day: string;
  readonly week: boolean;
  /** Of the week; of a day every column unless the address names one. */
  readonly practitioner: string;
  readonly counts: string;
  readonly pathOf: (day: string, practitioner?: string) => string;
}

/** Which day, where, of whom, as grid or list. */
export function Toolbar({ day, week, practitioner, counts, pathOf }: Props) {
  const words = useWords(agendaWords);
  const { site, list, change } = useAddress();
  const sites = (useSites().data ?? []).filter((each) => each.active);
  const people = (usePractitioners().data ?? []).filter((each) => !site || each.site_ids.includes(site));
  const step = week ? 7 : 1;
  const to = (next: string) => change({}, pathOf(next));
  return (
    <div className="agenda-bar">
      <div className="row agenda-days">
        <Button aria-label={week ? words.earlierWeek : words.earlier} onClick={() => to(addDays(day, -step))}>
          <ChevronLeft size={18} aria-hidden="true" />
        </Button>
        <Button onClick={() => to(today())}>{words.today}</Button>
        <Button aria-label={week ? words.laterWeek : words.later} onClick={() => to(addDays(day, step))}>
          <ChevronRight size={18} aria-hidden="true" />
        </Button>
      </div>
      <TextField
        key={day}
        label={words.date}
        type="date"
        defaultValue={day}
        onBlur={(event) => event.target.value && event.target.value !== day && to(event.target.value)}
        onKeyDown={(event) =>
          event.key === "Enter" && event.currentTarget.value && to(event.currentTarget.value)
        }
      />
      <SelectField
        label={words.site}
        value={site}
        onChange={(event) => change({ site: event.target.value, practitioner: "" })}
      >
        <option value="">{words.allSites}</option>
        {sites.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.practitioner}
        value={practitioner}
        onChange={(event) =>
          week ? change({}, pathOf(day, event.target.value)) : change({ practitioner: event.target.value })
        }
      >
        <option value="">{week ? words.choosePractitioner : words.anybody}</option>
        {people.map((each) => (
          <option key={each.id} value={each.id}>
            {each.display_name}
          </option>
        ))}
      </SelectField>
      <fieldset className="row agenda-show">
        <legend className="visually-hidden">{words.show}</legend>
        <Button aria-pressed={!list} onClick={() => change({ view: "" })}>
          {words.grid}
        </Button>
        <Button aria-pressed={list} onClick={() => change({ view: "list" })}>
          {words.list}
        </Button>
        <Button kind="quiet" aria-label={words.print} onClick={() => window.print()}>
          <Printer size={18} aria-hidden="true" />
        </Button>
      </fieldset>
      <p className="small muted agenda-counts" role="status">
        {counts}
      </p>
    </div>
  );
}
