import { useState } from "react";
import type { ChapterProps } from "../../records/chapters";
import { useList } from "../../records/read";
import { optionsOf } from "../../records/values";
import { SelectField } from "../../ui/field";
import { Empty, Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { useLive } from "./collection";
import { InstrumentTable } from "./instrument-table";
import { readSets, SETS, type Status, useInstruments } from "./set-rows";
import { plantWords } from "./words";

/** Marked instruments by their state: what is at the repairer's or missing is asked for first. */
export default function Instruments(_: ChapterProps) {
  const words = useWords(plantWords);
  const [status, setStatus] = useState<Status | "">("in_repair");
  const [model, setModel] = useState("");
  const models = useLive("instrument_models");
  const sets = useList(SETS, readSets).data ?? [];
  const list = useInstruments({ ...(status ? { status } : {}), ...(model ? { model_id: model } : {}) });
  return (
    <>
      <Title>{words.instruments}</Title>
      <p className="muted records-intro">{words.instrumentsIntro}</p>
      <div className="panel records-line">
        <SelectField
          label={words.state}
          value={status}
          onChange={(event) => setStatus(event.target.value as Status | "")}
        >
          <option value="">{words.everyState}</option>
          {optionsOf(words.statuses).map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </SelectField>
        <SelectField label={words.model} value={model} onChange={(event) => setModel(event.target.value)}>
          <option value="">{words.everyModel}</option>
          {models
            .toSorted((one, other) => one.alias.localeCompare(other.alias))
            .map((row) => (
              <option key={row.id} value={row.id}>
                {row.alias}
              </option>
            ))}
        </SelectField>
      </div>
      <Read of={list} lines={6}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{words.noInstrument}</Empty>
          ) : (
            <>
              <p className="muted">{words.instrumentCount(rows.length)}</p>
              <InstrumentTable
                rows={rows}
                setName={(id) => sets.find((row) => row.id === id)?.name ?? words.noSetShort}
              />
            </>
          )
        }
      </Read>
    </>
  );
}
