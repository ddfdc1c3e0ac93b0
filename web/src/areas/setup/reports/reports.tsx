import { useState } from "react";
import { SelectField, TextField } from "../../../ui/field";
import { Tabs } from "../../../ui/tabs";
import { Title } from "../../../ui/title";
import { useWords } from "../../../words/language";
import { today } from "../../../words/time";
import { useSites } from "../centre/shared";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { AccessReport } from "./access";
import { ActivityReport } from "./activity";
import { HoursReport } from "./hours";
import { MissedReport } from "./missed";
import { type PeriodName, periodOf } from "./period";
import { reportWords } from "./words";

const TABS = ["activity", "missed", "access", "hours"] as const;
type Tab = (typeof TABS)[number];
const PERIODS: readonly PeriodName[] = ["week", "lastWeek", "month", "lastMonth", "quarter", "own"];

/** What a manager asks at the end of a week or month: how much, how many did not come, how long one waits, hours. */
export default function Reports(_: ChapterProps) {
  const words = useWords(reportWords);
  const all = useWords(setupWords);
  const sites = (useSites().data ?? []).filter((each) => each.active);
  const [tab, setTab] = useState<Tab>("activity");
  const [name, setName] = useState<PeriodName>("lastWeek");
  const [own, setOwn] = useState(() => periodOf("week", today()));
  const [site, setSite] = useState("");
  const period = name === "own" ? own : periodOf(name, today());
  const asked = { ...period, ...(site ? { site } : {}) };
  return (
    <>
      <Title>{all.reports}</Title>
      <p className="muted records-intro">{words.intro}</p>
      <div className="records-line">
        <SelectField
          label={words.period}
          value={name}
          onChange={(event) => setName(event.target.value as PeriodName)}
        >
          {PERIODS.map((each) => (
            <option key={each} value={each}>
              {words.periods[each]}
            </option>
          ))}
        </SelectField>
        {(["from", "to"] as const).map((each) => (
          <TextField
            key={`${each}${name}`}
            label={words[each]}
            type="date"
            value={period[each]}
            onChange={(event) => {
              if (event.target.value.length !== 10) return;
              setName("own");
              setOwn({ ...period, [each]: event.target.value });
            }}
          />
        ))}
        {tab === "hours" ? null : (
          <SelectField label={words.site} value={site} onChange={(event) => setSite(event.target.value)}>
            <option value="">{words.allSites}</option>
            {sites.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </SelectField>
        )}
      </div>
      <Tabs
        label={words.tabsLabel}
        tabs={TABS.map((id) => ({ id, label: words.tabs[id] }))}
        selected={tab}
        onSelect={(id) => setTab(id as Tab)}
      >
        {tab === "activity" ? <ActivityReport asked={asked} /> : null}
        {tab === "missed" ? <MissedReport asked={asked} /> : null}
        {tab === "access" ? <AccessReport asked={asked} /> : null}
        {tab === "hours" ? <HoursReport asked={period} /> : null}
      </Tabs>
    </>
  );
}
