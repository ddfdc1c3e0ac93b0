import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act } from "../../../records/read";
import { RecordForm } from "../../../records/record";
import type { Group, Option, Values } from "../../../records/values";
import { Button } from "../../../ui/button";
import { Badge, RefusalStrip } from "../../../ui/state";
import { gestures } from "../../../words/gestures";
import { useLanguage, useWords } from "../../../words/language";
import { dateOnly, now } from "../../../words/time";
import { type Contact, Contacts, contactsText } from "./contacts";
import { Inherited } from "./inherited";
import type { Place } from "./instructions";
import { INSTRUCTIONS, type Instruction, type Scope, useDirectory, type Version } from "./shared";
import { DifferencesDialog, PublishDialog, ReadersDialog, WithdrawDialog } from "./version-acts";
import { blank, given, valuesOf } from "./version-values";
import { instructionWords } from "./words";

interface Props {
  readonly scope: Scope;
  readonly place: Place;
  readonly instructions: readonly Instruction[];
  readonly mayWrite: boolean;
  /** One writes for oneself, not for the centre. */
  readonly own: boolean;
}

/** One level of instructions: what is in force, the draft that is being written, and what was before. */
export function Level({ scope, place, instructions, mayWrite, own }: Props) {
  const words = useWords(instructionWords);
  const client = useQueryClient();
  const scopeId = scope === "client" ? place.client : scope === "site" ? place.site : place.practitioner;
  const found = instructions.find(
    (each) => each.scope === scope && each.scope_id === scopeId && (each.motive ?? "") === place.motive,
  );
  const [writing, write] = useState<string | null>(null);
  const others = (useDirectory().data?.practitioners ?? [])
    .filter((each) => each.active && each.practitioner_id !== scopeId)
    .map((each) => ({ value: each.practitioner_id, label: each.display_name }));
  const create = useCommand(
    (_: undefined, key) =>
      body(
        api.POST("/api/telesecretariat/v1/instructions", {
          body: {
            client_id: place.client,
            scope,
            scope_id: scopeId,
            motive: place.motive || null,
            channel: "phone",
            windows: [],
          },
          headers: act(key),
        }),
      ),
    async () => {
      await client.invalidateQueries({ queryKey: INSTRUCTIONS });
      write("new");
    },
  );
  const versions = [...(found?.versions ?? [])].sort((a, b) => b.number - a.number);
  const draft = versions.find((each) => each.id === writing) ?? null;
  const began = versions.find((each) => each.state === "published");
  return (
    <section className="panel stack" aria-label={words.scopes[scope]}>
      <h2>{words.scopes[scope]}</h2>
      {scopeId === "" ? (
        <p className="muted">{scope === "site" ? words.chooseSite : words.choosePractitioner}</p>
      ) : (
        <>
          {versions.length === 0 ? <p className="muted">{words.noneHere}</p> : null}
          {versions
            .filter((each) => each.id !== writing)
            .map((version) => (
              <OneVersion
                key={version.id}
                instruction={found as Instruction}
                version={version}
                mayWrite={mayWrite}
                own={own}
                onEdit={() => write(version.id)}
              />
            ))}
          {writing !== null && scope !== "client" ? (
            <Inherited scope={scope} place={place} instructions={instructions} />
          ) : null}
          {writing !== null && found ? (
            <RecordForm<Version>
              key={writing}
              name={`instruction/${found.id}`}
              title={draft ? words.version(draft.number) : words.newVersion}
              groups={groupsOf(words, scope, others)}
              row={draft}
              values={valuesOf}
              blank={began ? { ...valuesOf(began), valid_from: null, valid_to: null } : blank}
              saveLabel={words.saveDraft}
              save={(values, key, version) => saveDraft(found.id, draft, values, key, version)}
              again={async (id) => {
                const read = await body(
                  api.GET("/api/telesecretariat/v1/instructions/{instruction_id}", {
                    params: { path: { instruction_id: found.id } },
                  }),
                );
                return read.versions.find((each) => each.id === id);
              }}
              onSaved={async () => {
                await client.invalidateQueries({ queryKey: INSTRUCTIONS });
                write(null);
              }}
              onClose={() => write(null)}
            />
          ) : mayWrite ? (
            <>
              <RefusalStrip refusal={create.refusal} />
              <div>
                <Button
                  busy={create.pending}
                  onClick={() => (found ? write("new") : void create.run(undefined))}
                >
                  {found ? words.newVersion : words.write}
                </Button>
              </div>
            </>
          ) : null}
        </>
      )}
    </section>
  );
}

function saveDraft(
  instruction_id: string,
  draft: Version | null,
  values: Values,
  key: string,
  version: number | undefined,
) {
  if (!draft)
    return body(
      api.POST("/api/telesecretariat/v1/instructions/{instruction_id}/versions", {
        params: { path: { instruction_id } },
        body: given(values),
        headers: act(key),
      }),
    );
  return body(
    api.PATCH("/api/telesecretariat/v1/instructions/{instruction_id}/versions/{version_id}", {
      params: { path: { instruction_id, version_id: draft.id } },
      body: given(values),
      headers: act(key, version),
    }),
  );
}

function groupsOf(
  words: (typeof instructionWords)["fr"],
  scope: Scope,
  others: readonly Option[],
): readonly Group[] {
  return [
    {
      legend: words.draftOf,
      fields: [
        { kind: "area", name: "text", label: words.text, hint: words.inheritText, max: 8000 },
        { kind: "lines", name: "allowed", label: words.allowedLabel, hint: words.codesHint },
        { kind: "lines", name: "forbidden", label: words.forbiddenLabel, hint: words.addsUp },
        {
          kind: "own",
          name: "urgent_contacts",
          label: words.contacts,
          say: (value) => contactsText(value as readonly Contact[] | null, words),
          edit: (edited) => <Contacts {...edited} />,
        },
        { kind: "date", name: "valid_from", label: words.validFrom },
        { kind: "date", name: "valid_to", label: words.validTo, hint: words.validToHint },
        ...(scope === "practitioner"
          ? [
              { kind: "area" as const, name: "absence.text", label: words.absenceText },
              {
                kind: "choice" as const,
                name: "absence.backup_practitioner_id",
                label: words.backup,
                none: words.noBackup,
                options: others,
              },
            ]
          : []),
      ],
    },
  ];
}

interface OneProps {
  readonly instruction: Instruction;
  readonly version: Version;
  readonly mayWrite: boolean;
  readonly own: boolean;
  readonly onEdit: () => void;
}

function OneVersion({ instruction, version, mayWrite, own, onEdit }: OneProps) {
  const words = useWords(instructionWords);
  const { language } = useLanguage();
  const [open, setOpen] = useState<"publish" | "withdraw" | "differences" | "readers" | null>(null);
  const over = version.valid_to !== null && Date.parse(version.valid_to) <= now().getTime();
  const draft = version.state === "draft";
  const mine = own || instruction.scope !== "practitioner";
  const close = () => setOpen(null);
  const given = { instruction, version, own, onClose: close };
  return (
    <article className="stack setup-one" aria-label={words.version(version.number)}>
      <div className="row">
        <strong>{words.version(version.number)}</strong>
        <Badge state={draft ? "info" : version.state === "published" && !over ? "ok" : "neutral"}>
          {over && !draft ? words.ended : words.states[version.state]}
        </Badge>
        <span className="small muted">
          {words.validFrom} {dateOnly(version.valid_from, language)}
          {version.valid_to ? ` - ${dateOnly(version.valid_to, language)}` : ""}
        </span>
      </div>
      <p className="records-pre">{version.text}</p>
      {version.allowed?.length ? (
        <p className="small">
          <strong>{words.allowed}</strong> {gestures(version.allowed, language)}
        </p>
      ) : null}
      {version.forbidden.length > 0 ? (
        <p className="small">
          <strong>{words.forbidden}</strong> {gestures(version.forbidden, language)}
        </p>
      ) : null}
      {version.urgent_contacts ? (
        <p className="small">
          <strong>{words.contacts}</strong> {contactsText(version.urgent_contacts, words)}
        </p>
      ) : null}
      <div className="row">
        {mayWrite && draft ? (
          <>
            <Button onClick={onEdit}>{words.edit}</Button>
            <Button
              kind="primary"
              blocked={mine ? undefined : words.onlyDoctor}
              onClick={() => setOpen("publish")}
            >
              {words.publish}
            </Button>
          </>
        ) : null}
        {mayWrite && version.state === "published" && !over ? (
          <Button kind="quiet" onClick={() => setOpen("withdraw")}>
            {words.withdraw}
          </Button>
        ) : null}
        {version.number > 1 ? (
          <Button kind="quiet" onClick={() => setOpen("differences")}>
            {words.compare}
          </Button>
        ) : null}
        {version.state === "published" ? (
          <Button kind="quiet" onClick={() => setOpen("readers")}>
            {words.readers}
          </Button>
        ) : null}
      </div>
      {open === "publish" ? <PublishDialog {...given} /> : null}
      {open === "withdraw" ? <WithdrawDialog {...given} /> : null}
      {open === "differences" ? <DifferencesDialog {...given} /> : null}
      {open === "readers" ? <ReadersDialog {...given} /> : null}
    </article>
  );
}
