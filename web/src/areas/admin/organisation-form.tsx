import { useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { act } from "../../records/read";
import { RecordForm } from "../../records/record";
import { SmallRows } from "../../records/rows";
import type { Edited, Field, Values } from "../../records/values";
import { faultAt, TextField } from "../../ui/field";
import { useWords } from "../../words/language";
import { ORGANISATIONS } from "./organisations";
import { adminWords } from "./words";

type Organisation = Schema<"gateway.OrganisationOut">;
type Identifier = Schema<"gateway.IdentifierIn">;

interface Props {
  readonly organisation: Organisation | null;
  readonly again: () => Promise<Organisation | undefined>;
  readonly onClose: () => void;
}

/** Name and identifiers; the operator also opens and closes. */
export function OrganisationForm({ organisation, again, onClose }: Props) {
  const words = useWords(adminWords);
  const client = useQueryClient();
  const operator = useSession().session.context?.organisation_kind === "operator";
  if (!organisation) return null;
  const closing: Field[] = operator
    ? [{ kind: "yes", name: "active", label: words.openOrganisation, hint: words.closeOrganisationHint }]
    : [];
  return (
    <section className="panel stack">
      <RecordForm<Organisation>
        name="organisation"
        title={words.changeOrganisation}
        row={organisation}
        blank={{}}
        values={({ name, identifiers, active }) => ({ name, identifiers, active })}
        groups={[
          {
            legend: words.organisationName,
            fields: [
              { kind: "text", name: "name", label: words.organisationName, required: true, max: 120 },
              ...closing,
              {
                kind: "own",
                name: "identifiers",
                label: words.identifiers,
                say: (value) =>
                  ((value ?? []) as Identifier[]).map((each) => `${each.system} ${each.value}`).join(" · "),
                edit: (edited) => <Identifiers {...edited} />,
              },
            ],
          },
        ]}
        save={(values, key, version) => save(organisation.id, operator, values, key, version)}
        again={again}
        onSaved={() => void client.invalidateQueries({ queryKey: ORGANISATIONS })}
        onClose={onClose}
      >
        <p className="small muted">
          {words.organisationId} : <span className="mono">{organisation.id}</span>
        </p>
      </RecordForm>
    </section>
  );
}

function save(id: string, operator: boolean, values: Values, key: string, version: number | undefined) {
  return body(
    api.PATCH("/api/gateway/v1/organisations/{id}", {
      params: { path: { id } },
      body: {
        name: String(values.name),
        identifiers: values.identifiers as Identifier[],
        ...(operator ? { active: Boolean(values.active) } : {}),
      },
      headers: act(key, version),
    }),
  );
}

function Identifiers({ value, change, refusal }: Edited) {
  const words = useWords(adminWords);
  return (
    <SmallRows<Identifier>
      legend={words.identifiers}
      hint={words.identifiersHint}
      add={words.addIdentifier}
      most={50}
      rows={(value ?? []) as Identifier[]}
      blank={{ system: "finess", value: "" }}
      onChange={change}
      edit={(row, set, place) => (
        <>
          <TextField
            label={words.identifierSystem}
            value={row.system}
            fault={faultAt(refusal, `/identifiers/${place}/system`)}
            onChange={(event) => set({ system: event.target.value })}
          />
          <TextField
            label={words.identifierValue}
            value={row.value}
            fault={
              faultAt(refusal, `/identifiers/${place}/value`) ?? faultAt(refusal, `/identifiers/${place}`)
            }
            onChange={(event) => set({ value: event.target.value })}
          />
        </>
      )}
    />
  );
}
