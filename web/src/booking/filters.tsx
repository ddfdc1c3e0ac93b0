import { SelectField, TextField } from "../ui/field";
import { useWords } from "../words/language";
import { today } from "../words/time";
import { type Mode, type Reason, usePractitioners, useSites } from "./directory";
import { FORTNIGHT, type Moment, type Wish } from "./times";
import { bookingWords } from "./words";

interface Props {
  readonly wish: Wish;
  readonly reason: Reason | undefined;
  readonly onWish: (wish: Wish) => void;
}

/** Where, with whom, in what form and when; a list with one choice is not shown. */
export function Filters({ wish, reason, onWish }: Props) {
  const words = useWords(bookingWords);
  const sites = (useSites().data ?? []).filter((each) => each.active);
  const practitioners = (usePractitioners().data ?? []).filter(
    (each) =>
      each.active &&
      (!reason || reason.professions.includes(each.profession)) &&
      (!wish.siteId || each.site_ids.includes(wish.siteId)),
  );
  const modes = reason?.modes.map((each) => each.mode) ?? [];
  const set = (changed: Partial<Wish>) => onWish({ ...wish, days: FORTNIGHT, ...changed });
  return (
    <fieldset className="booking-filters">
      <legend className="visually-hidden">{words.filters}</legend>
      <SelectField
        label={words.site}
        value={wish.siteId}
        onChange={(event) => set({ siteId: event.target.value })}
      >
        <option value="">{words.allSites}</option>
        {sites.map((site) => (
          <option key={site.id} value={site.id}>
            {site.name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.practitioner}
        value={wish.practitionerId}
        onChange={(event) => set({ practitionerId: event.target.value })}
      >
        <option value="">{words.allPractitioners}</option>
        {practitioners.map((each) => (
          <option key={each.id} value={each.id}>
            {each.display_name}
          </option>
        ))}
      </SelectField>
      {modes.length > 1 ? (
        <SelectField
          label={words.mode}
          value={wish.mode || modes[0]}
          onChange={(event) => set({ mode: event.target.value as Mode })}
        >
          {modes.map((mode) => (
            <option key={mode} value={mode}>
              {words.modes[mode]}
            </option>
          ))}
        </SelectField>
      ) : null}
      <SelectField
        label={words.moment}
        value={wish.moment}
        onChange={(event) => set({ moment: event.target.value as Moment })}
      >
        <option value="">{words.allDay}</option>
        <option value="morning">{words.morning}</option>
        <option value="afternoon">{words.afternoon}</option>
      </SelectField>
      <TextField
        label={words.from}
        type="date"
        min={today()}
        value={wish.from || today()}
        onChange={(event) => set({ from: event.target.value })}
      />
    </fieldset>
  );
}
