import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../../api/client";
import { useSession } from "../../../api/session";
import { act } from "../../../records/read";
import { RecordForm } from "../../../records/record";
import { SmallRows } from "../../../records/rows";
import type { Edited, Group, Values } from "../../../records/values";
import { Button } from "../../../ui/button";
import { faultAt, TextArea, TextField } from "../../../ui/field";
import { Badge, Empty, Read } from "../../../ui/state";
import { Title } from "../../../ui/title";
import { useLanguage, useWords } from "../../../words/language";
import { dateOnly, dayAndTime, instantAt, now } from "../../../words/time";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { type FlagSet, RED_FLAGS, type Sign, signsOf } from "./flags";
import { useClientId, useDirectory, useFlagSets } from "./shared";
import { SignDialog } from "./sign-dialog";
import { instructionWords } from "./words";

type Words = (typeof instructionWords)["fr"];

/** The signs for which the 15 is dialled: written by the centre, signed by a doctor, never changed once signed. */
export default function RedFlags(_: ChapterProps) {
  const words = useWords(instructionWords);
  const all = useWords(setupWords);
  const list = useFlagSets();
  const client = useClientId();
  return (
    <>
      <Title>{all.redFlags}</Title>
      <p className="muted records-intro">{words.flagsIntro}</p>
      <Read of={list}>{(sets) => <Versions sets={sets} clientId={sets[0]?.client_id ?? client} />}</Read>
    </>
  );
}

/** In force now: published, begun, not ended. */
const holds = (set: FlagSet) =>
  set.state === "published" && (!set.valid_until || Date.parse(set.valid_until) > now().getTime());

function Versions({
  sets,
  clientId,
}: {
  readonly sets: readonly FlagSet[];
  readonly clientId: string | undefined;
}) {
  const words = useWords(instructionWords);
  const client = useQueryClient();
  const [writing, write] = useState(false);
  const versions = [...sets].sort((one, other) => other.number - one.number);
  const current = versions.find(holds);
  const begin = (
    <Button kind={current ? "plain" : "primary"} onClick={() => write(true)}>
      {words.newFlags}
    </Button>
  );
  return (
    <>
      {clientId && !writing && versions.length > 0 ? <div className="row">{begin}</div> : null}
      {versions.length === 0 && !writing ? (
        <Empty acts={clientId ? begin : null}>{words.noFlags}</Empty>
      ) : null}
      {writing && clientId ? (
        <section className="panel stack">
          <RecordForm<FlagSet>
            name={`red-flags/${clientId}`}
            title={words.newFlags}
            groups={groupsOf(words)}
            row={null}
            values={(set) => ({ items: set.items, valid_until: null })}
            blank={{ items: versions[0]?.items ?? [blankSign], valid_until: null }}
            saveLabel={words.saveFlags}
            save={(values, key) => draft(clientId, values, key)}
            again={async () => undefined}
            onSaved={async () => {
              await client.invalidateQueries({ queryKey: RED_FLAGS });
              write(false);
            }}
            onClose={() => write(false)}
          />
        </section>
      ) : null}
      {versions.map((set) => (
        <Version key={set.id} set={set} current={current} />
      ))}
    </>
  );
}

const draft = (client_id: string, values: Values, key: string) =>
  body(
    api.POST("/api/telesecretariat/v1/red-flag-sets", {
      body: {
        client_id,
        items: signsOf(values.items),
        valid_until: values.valid_until ? instantAt(String(values.valid_until), "00:00") : null,
      },
      headers: act(key),
    }),
  );

const blankSign: Sign = { code: "", label: "", questions: [] };

function groupsOf(words: Words): readonly Group[] {
  return [
    {
      legend: words.signs,
      fields: [
        {
          kind: "own",
          name: "items",
          label: words.signs,
          say: (value) => ((value ?? []) as Sign[]).map((each) => each.label).join(" · "),
          edit: (edited) => <Signs {...edited} />,
        },
        { kind: "date", name: "valid_until", label: words.validTo, hint: words.validToHint },
      ],
    },
  ];
}

function Signs({ value, change, refusal }: Edited) {
  const words = useWords(instructionWords);
  const fault = (place: number, name: string) => faultAt(refusal, `/items/${place}/${name}`);
  return (
    <SmallRows<Sign>
      legend={words.signs}
      hint={words.signsHint}
      add={words.addFlag}
      most={60}
      rows={(value ?? []) as Sign[]}
      blank={blankSign}
      onChange={change}
      edit={(row, set, place) => (
        <>
          <TextField
            label={words.flagLabel}
            value={row.label}
            maxLength={120}
            fault={fault(place, "label")}
            onChange={(event) => set({ label: event.target.value })}
          />
          <TextField
            label={words.flagCode}
            className="mono"
            value={row.code}
            maxLength={40}
            fault={fault(place, "code")}
            onChange={(event) => set({ code: event.target.value })}
          />
          <TextArea
            label={words.questions}
            rows={2}
            value={(row.questions ?? []).join("\n")}
            fault={fault(place, "questions")}
            onChange={(event) => set({ questions: event.target.value.split("\n") })}
          />
        </>
      )}
    />
  );
}

function Version({ set, current }: { readonly set: FlagSet; readonly current: FlagSet | undefined }) {
  const words = useWords(instructionWords);
  const { language } = useLanguage();
  const { session } = useSession();
  const people = useDirectory().data?.practitioners ?? [];
  const [signing, sign] = useState(false);
  const doctor = session.context?.role === "practitioner";
  const draft = set.state === "draft";
  const inForce = set.id === current?.id;
  const by = people.find((each) => each.practitioner_id === set.validated_by)?.display_name;
  const signs = (
    <ul className="setup-flags">
      {set.items.map((item) => (
        <li key={item.code}>
          <strong>{item.label}</strong>
          {item.questions?.map((question) => (
            <p key={question} className="small muted">
              {question}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
  return (
    <article className="panel stack" aria-label={words.version(set.number)}>
      <div className="row spread">
        <div className="row">
          <h2>{words.version(set.number)}</h2>
          <Badge state={draft ? "info" : inForce ? "ok" : "neutral"}>
            {draft ? words.states.draft : inForce ? words.states.published : words.ended}
          </Badge>
          <span className="small muted">{words.signCount(set.items.length)}</span>
        </div>
        {draft ? (
          <Button kind="primary" blocked={doctor ? undefined : words.byDoctor} onClick={() => sign(true)}>
            {words.signNow}
          </Button>
        ) : null}
      </div>
      {set.valid_from && !draft ? (
        <p className="small muted">
          {words.signedOn(dayAndTime(set.valid_from, language), by ?? words.unknownDoctor)}
          {set.valid_until ? ` ${words.endsOn(dateOnly(set.valid_until, language))}` : ""}
        </p>
      ) : null}
      {draft || inForce ? (
        signs
      ) : (
        <details>
          <summary>{words.showSigns}</summary>
          {signs}
        </details>
      )}
      {signing ? <SignDialog set={set} current={current} onClose={() => sign(false)} /> : null}
    </article>
  );
}
