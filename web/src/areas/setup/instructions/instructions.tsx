import { useState } from "react";
import { SelectField, TextField } from "../../../ui/field";
import { Read } from "../../../ui/state";
import { Title } from "../../../ui/title";
import { useWords } from "../../../words/language";
import { instantAt, today } from "../../../words/time";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { Level } from "./level";
import { Resolved } from "./resolved";
import { useDirectory, useInstructions, useMotives, useWriter } from "./shared";
import { instructionWords } from "./words";

/** Centre, site and practitioner side by side, and above them what the secretary would read at an instant. */
export default function Instructions(_: ChapterProps) {
  const words = useWords(instructionWords);
  const all = useWords(setupWords);
  const list = useInstructions();
  const directory = useDirectory().data;
  const motives = useMotives().data ?? [];
  const { own, self } = useWriter();
  const [site, setSite] = useState("");
  const [chosen, setChosen] = useState("");
  const [motive, setMotive] = useState("");
  const [day, setDay] = useState(today);
  const [hour, setHour] = useState("10:00");
  const practitioner = chosen || self || "";
  const at = day.length === 10 && hour.length === 5 ? instantAt(day, hour) : null;
  return (
    <>
      <Title>{all.instructions}</Title>
      <div className="records-line">
        <SelectField label={words.site} value={site} onChange={(event) => setSite(event.target.value)}>
          <option value="">{words.anySite}</option>
          {directory?.sites
            .filter((each) => each.active)
            .map((each) => (
              <option key={each.site_id} value={each.site_id}>
                {each.name}
              </option>
            ))}
        </SelectField>
        <SelectField
          label={words.practitioner}
          value={practitioner}
          onChange={(event) => setChosen(event.target.value)}
        >
          <option value="">{words.anyPractitioner}</option>
          {directory?.practitioners
            .filter((each) => each.active && (!own || each.practitioner_id === self))
            .map((each) => (
              <option key={each.practitioner_id} value={each.practitioner_id}>
                {each.display_name}
              </option>
            ))}
        </SelectField>
        {motives.length > 0 ? (
          <SelectField
            label={words.motive}
            value={motive}
            onChange={(event) => setMotive(event.target.value)}
          >
            <option value="">{words.anyMotive}</option>
            {motives
              .filter((each) => each.active)
              .map((each) => (
                <option key={each.id} value={each.code}>
                  {each.label_fr}
                </option>
              ))}
          </SelectField>
        ) : null}
        <TextField
          label={words.at}
          type="date"
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
        <TextField
          label={words.hour}
          type="time"
          value={hour}
          onChange={(event) => setHour(event.target.value)}
        />
      </div>
      <Read of={list}>
        {(instructions) => {
          const client = instructions[0]?.client_id;
          if (!client) return null;
          const place = { client, site, practitioner, motive };
          return (
            <>
              {at ? <Resolved place={place} at={at} instructions={instructions} /> : null}
              <div className="setup-levels">
                {(["client", "site", "practitioner"] as const).map((scope) => (
                  <Level
                    key={`${scope}/${site}/${practitioner}/${motive}`}
                    scope={scope}
                    place={place}
                    instructions={instructions}
                    mayWrite={!own || (scope === "practitioner" && practitioner === self)}
                    own={own}
                  />
                ))}
              </div>
            </>
          );
        }}
      </Read>
    </>
  );
}

export interface Place {
  readonly client: string;
  readonly site: string;
  readonly practitioner: string;
  readonly motive: string;
}
