import { type CallPatch, patchCall, useAct, useCatalogue } from "../../calls/acts";
import type { CallFile } from "../../calls/desk";
import { useDirectory } from "../../calls/directory";
import { faultAt, SelectField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useWords } from "../../words/language";
import { deskWords } from "./words";

const KINDS = ["patient", "relative", "professional", "other"] as const;

/** What the call is about: it decides which instruction is shown. Each choice is kept at once. */
export function About({ file }: { readonly file: CallFile }) {
  const words = useWords(deskWords);
  const act = useAct();
  const motives = useCatalogue("motive");
  const { practitioners } = useDirectory();
  const note = (patch: CallPatch) => void act.run(() => patchCall(file.id, patch));
  const red = motives.find((each) => each.code === file.motive)?.facts.red_flag;
  return (
    <section className="panel stack" aria-label={words.motive}>
      <div className="desk-fields">
        <SelectField
          label={words.motive}
          value={file.motive ?? ""}
          fault={faultAt(act.refusal, "/motive")}
          onChange={(event) => note({ motive: event.target.value || null })}
        >
          <option value="">{words.unsaid}</option>
          {motives.map((each) => (
            <option key={each.code} value={each.code}>
              {each.label}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.about}
          value={file.practitioner_id ?? ""}
          fault={faultAt(act.refusal, "/practitioner_id")}
          onChange={(event) => note({ practitioner_id: event.target.value || null })}
        >
          <option value="">{words.unsaid}</option>
          {practitioners.map((each) => (
            <option key={each.practitioner_id} value={each.practitioner_id}>
              {each.display_name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.callerKind}
          value={file.caller_kind ?? ""}
          onChange={(event) => note({ caller_kind: (event.target.value || null) as CallFile["caller_kind"] })}
        >
          <option value="">{words.unsaid}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {words.callerKinds[kind]}
            </option>
          ))}
        </SelectField>
      </div>
      {red ? (
        <Strip state="danger" role="alert">
          {words.redMotive}
        </Strip>
      ) : null}
      {act.refusal && act.refusal.errors.length === 0 ? <RefusalStrip refusal={act.refusal} /> : null}
    </section>
  );
}
