import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { useModels, usePackagings } from "../../cooperation/names";
import { act, everyPage, pageOf, useList } from "../../records/read";
import { RecordForm } from "../../records/record";
import { SmallRows } from "../../records/rows";
import { type Group, only, optionsOf, type Values } from "../../records/values";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Check, SelectField, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { setsWords } from "./words";

type Version = Schema<"cooperation.VersionOut">;
type Line = Schema<"cooperation.CompositionLineIn">;
const MEMBERS = "wash_programme programme packaging_ids prion_class uo_category lines";
const LINE = "model_id quantity mode critical photo_ref";

interface Props {
  readonly compositionId: string;
  readonly versions: readonly Version[];
}

/** The next version: drafted by who sets up, adopted by the pharmacist; adopted, it never changes. */
export function Draft({ compositionId, versions }: Props) {
  const words = useWords(setsWords);
  const { may, session } = useSession();
  const [open, setOpen] = useState(false);
  const draft = versions.find((each) => each.state === "draft") ?? null;
  if (!may("cooperation:setup.write")) return null;
  if (open)
    return (
      <DraftForm
        compositionId={compositionId}
        draft={draft}
        from={draft ?? versions.find((each) => each.state === "adopted") ?? null}
        onClose={() => setOpen(false)}
      />
    );
  return (
    <div className="row">
      <Button kind={draft ? "plain" : "primary"} onClick={() => setOpen(true)}>
        {draft ? words.changeDraft : words.newDraft}
      </Button>
      {draft && session.context?.role === "sterilisation_releaser" ? (
        <Adopt compositionId={compositionId} draft={draft} />
      ) : draft ? (
        <span className="muted">{words.pharmacistAdopts}</span>
      ) : null}
    </div>
  );
}

const keyOf = (compositionId: string) => ["cooperation", "compositions", compositionId, "versions"];

function Adopt({ compositionId, draft }: { readonly compositionId: string; readonly draft: Version }) {
  const words = useWords(setsWords);
  const client = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const command = useCommand(
    (_: null, key) =>
      body(
        api.POST("/api/cooperation/v1/composition_versions/{version_id}/adopt", {
          params: { path: { version_id: draft.id } },
          headers: act(key, draft.version),
        }),
      ),
    () => {
      setAsking(false);
      toast(words.versionAdopted);
      void client.invalidateQueries({ queryKey: ["cooperation", "compositions"] });
      void client.invalidateQueries({ queryKey: keyOf(compositionId) });
    },
  );
  return (
    <>
      <Button kind="primary" onClick={() => setAsking(true)}>
        {words.adopt(draft.no)}
      </Button>
      {asking ? (
        <Dialog
          title={words.adopt(draft.no)}
          onClose={() => {
            command.renew();
            setAsking(false);
          }}
          foot={
            <Button kind="primary" busy={command.pending} onClick={() => void command.run(null)}>
              {words.confirmAdopt}
            </Button>
          }
        >
          <p>{words.adoptText}</p>
          <RefusalStrip refusal={command.refusal} />
        </Dialog>
      ) : null}
    </>
  );
}

interface FormProps {
  readonly compositionId: string;
  readonly draft: Version | null;
  /** What the draft begins from. */
  readonly from: Version | null;
  readonly onClose: () => void;
}

function DraftForm({ compositionId, draft, from, onClose }: FormProps) {
  const words = useWords(setsWords);
  const client = useQueryClient();
  const groups = useQuestions();
  const read = () =>
    everyPage<Version>((cursor) =>
      body(
        api.GET("/api/cooperation/v1/compositions/{composition_id}/versions", {
          params: { path: { composition_id: compositionId }, query: pageOf(cursor) },
        }),
      ),
    );
  return (
    <section className="panel stack">
      <RecordForm<Version>
        name={`composition/${compositionId}`}
        title={draft ? words.changeDraft : words.newDraft}
        groups={groups}
        row={draft}
        values={valuesOf}
        blank={from ? valuesOf(from) : { prion_class: "none", packaging_ids: [], lines: [] }}
        saveLabel={words.saveDraft}
        save={(values, key, version) => {
          const sent = only(values, MEMBERS) as unknown as Schema<"cooperation.VersionIn">;
          if (draft)
            return body(
              api.PATCH("/api/cooperation/v1/composition_versions/{version_id}", {
                params: { path: { version_id: draft.id } },
                body: sent,
                headers: act(key, version ?? draft.version),
              }),
            );
          return body(
            api.POST("/api/cooperation/v1/compositions/{composition_id}/versions", {
              params: { path: { composition_id: compositionId } },
              body: sent,
              headers: act(key),
            }),
          );
        }}
        again={async (id) => (await read()).find((each) => each.id === id)}
        onSaved={async () => {
          await client.invalidateQueries({ queryKey: keyOf(compositionId) });
          onClose();
        }}
        onClose={onClose}
      />
    </section>
  );
}

const valuesOf = (row: Version): Values => ({
  ...only(row as unknown as Values, MEMBERS),
  lines: row.lines.map((line) => only(line as unknown as Values, LINE)),
});

/** Programmes of washing and sterilising: a version names them by their codes. */
export const useProgrammes = () =>
  useList(["cooperation", "programmes", "live"], async () => {
    const query = { limit: 500 };
    return (await body(api.GET("/api/cooperation/v1/programmes", { params: { query } }))).items;
  });

function useQuestions(): Group[] {
  const words = useWords(setsWords);
  const { data: models = [] } = useModels();
  const { data: packagings = [] } = usePackagings();
  const { data: programmes = [] } = useProgrammes();
  const coded = (washing: boolean) =>
    Object.entries(
      Object.fromEntries(
        programmes
          .filter((each) => (each.kind === "washing") === washing)
          .map((each) => [each.code, each.name]),
      ),
    ).map(([value, label]) => ({ value, label }));
  const alias = (id: string) => models.find((each) => each.id === id)?.alias ?? "";
  const usable = models
    .filter((each) => !each.single_use)
    .toSorted((one, other) => one.alias.localeCompare(other.alias));
  return [
    {
      legend: words.treatment,
      fields: [
        {
          kind: "choice",
          name: "wash_programme",
          label: words.washProgramme,
          options: coded(true),
          required: true,
        },
        {
          kind: "choice",
          name: "programme",
          label: words.steriliseProgramme,
          options: coded(false),
          required: true,
        },
        { kind: "choice", name: "prion_class", label: words.prion, options: optionsOf(words.prionClass) },
        { kind: "text", name: "uo_category", label: words.category, required: true, max: 120 },
        {
          kind: "set",
          name: "packaging_ids",
          label: words.packagings,
          options: packagings.map((each) => ({ value: each.id, label: each.name })),
        },
      ],
    },
    {
      legend: words.lines,
      fields: [
        {
          kind: "own",
          name: "lines",
          label: words.lines,
          say: (value) =>
            ((value ?? []) as Line[]).map((line) => `${line.quantity} ${alias(line.model_id)}`).join(" · "),
          edit: ({ value, change }) => (
            <SmallRows<Line>
              add={words.addLine}
              rows={(value ?? []) as Line[]}
              blank={{ model_id: "", quantity: 1, mode: "free", critical: false }}
              onChange={change}
              edit={(row, set) => (
                <>
                  <SelectField
                    label={words.line}
                    value={row.model_id}
                    onChange={(event) => set({ model_id: event.target.value })}
                  >
                    <option value="">{words.chooseModel}</option>
                    {usable.map((each) => (
                      <option key={each.id} value={each.id}>
                        {each.alias}
                      </option>
                    ))}
                  </SelectField>
                  <TextField
                    label={words.quantity}
                    type="number"
                    min={1}
                    max={500}
                    value={row.quantity}
                    onChange={(event) => set({ quantity: Number(event.target.value) })}
                  />
                  <Check
                    label={words.critical}
                    checked={row.critical}
                    onChange={(event) => set({ critical: event.target.checked })}
                  />
                  <Check
                    label={words.exclusive}
                    checked={row.mode === "exclusive"}
                    onChange={(event) => set({ mode: event.target.checked ? "exclusive" : "free" })}
                  />
                </>
              )}
            />
          ),
        },
      ],
    },
  ];
}
