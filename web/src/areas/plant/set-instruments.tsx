import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { act } from "../../records/read";
import { Button } from "../../ui/button";
import { faultAt, faultsShown, SelectField, TextField } from "../../ui/field";
import { Empty, Read, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { useLive } from "./collection";
import { InstrumentTable } from "./instrument-table";
import { INSTRUMENTS, type InstrumentSet, useInstruments } from "./set-rows";
import { plantWords } from "./words";

/** Marked instruments of a set: each is in one set at most. */
export function SetInstruments({ set }: { readonly set: InstrumentSet }) {
  const words = useWords(plantWords);
  const list = useInstruments({ set_id: set.id });
  return (
    <section className="stack plant-step" aria-label={words.marked}>
      <h3>{words.marked}</h3>
      <Read of={list} lines={3}>
        {(rows) =>
          rows.length === 0 ? <Empty>{words.noMarked}</Empty> : <InstrumentTable rows={rows} inSet />
        }
      </Read>
      {set.status === "retired" ? null : <NewInstrument set={set} />}
    </section>
  );
}

/** Scan after scan: after each the field is ready for the next mark. */
function NewInstrument({ set }: { readonly set: InstrumentSet }) {
  const words = useWords(plantWords);
  const client = useQueryClient();
  const toast = useToast();
  const models = useLive("instrument_models").filter((row) => !row.single_use);
  const [code, setCode] = useState("");
  const [model, setModel] = useState("");
  const command = useCommand(
    (given: { code: string; model_id: string }, key) =>
      body(
        api.POST("/api/cooperation/v1/instruments", {
          body: { ...given, set_id: set.id },
          headers: act(key),
        }),
      ),
    () => {
      setCode("");
      toast(words.instrumentAdded);
      void client.invalidateQueries({ queryKey: INSTRUMENTS });
    },
  );
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (code && model) void command.run({ code, model_id: model });
      }}
    >
      <div className="records-line">
        <SelectField
          label={words.model}
          value={model}
          fault={faultAt(command.refusal, "/model_id")}
          onChange={(event) => setModel(event.target.value)}
        >
          <option value="">{words.chooseModel}</option>
          {models
            .toSorted((one, other) => one.alias.localeCompare(other.alias))
            .map((row) => (
              <option key={row.id} value={row.id}>
                {row.alias}
              </option>
            ))}
        </SelectField>
        <TextField
          label={words.mark}
          value={code}
          maxLength={512}
          fault={faultAt(command.refusal, "/code")}
          onChange={(event) => setCode(event.target.value)}
        />
        <Button
          type="submit"
          busy={command.pending}
          {...(code && model ? {} : { blocked: words.modelAndMark })}
        >
          {words.addInstrument}
        </Button>
      </div>
      {faultsShown(command.refusal, ["/code", "/model_id"]) ? null : (
        <RefusalStrip refusal={command.refusal} />
      )}
    </form>
  );
}
