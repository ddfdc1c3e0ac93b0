import { type ReactNode, useEffect, useRef, useState } from "react";
import { useCommand } from "../api/command";
import type { Refusal } from "../api/refusal";
import { Button } from "../ui/button";
import { faultsShown } from "../ui/field";
import { RefusalStrip, Strip } from "../ui/state";
import { useToast } from "../ui/toast";
import { useWords } from "../words/language";
import { useDraft } from "./drafts";
import "./records.css";
import { Fields, pointerOf } from "./fields";
import { type Group, sameValue, type Values } from "./values";
import { TwoVersions } from "./versions";
import { recordWords } from "./words";

export interface Versioned {
  readonly id: string;
  readonly version: number;
}

export interface RecordProps<Row extends Versioned> {
  /** Where what is typed is kept: the noun and the record. */
  readonly name: string;
  readonly title: string;
  readonly groups: readonly Group[];
  /** The record; none while it is being made. */
  readonly row: Row | null;
  readonly values: (row: Row) => Values;
  readonly blank: Values;
  readonly save: (values: Values, key: string, version: number | undefined) => Promise<Row>;
  /** The record as it stands now, after somebody else was faster. */
  readonly again: (id: string) => Promise<Row | undefined>;
  readonly onSaved: (row: Row) => void;
  /** None: the record has a page of its own and stays open. */
  readonly onClose?: () => void;
  readonly saveLabel?: string;
  /** Nothing can be changed: only shown. */
  readonly readOnly?: boolean;
  readonly children?: ReactNode;
}

const STALE = 412;

/** One record in a form: nothing typed is lost, not to another person's change, to a refusal, or to a cut. */
export function RecordForm<Row extends Versioned>(props: RecordProps<Row>) {
  const { row, groups, values, blank, save, again, onSaved, onClose } = props;
  const words = useWords(recordWords);
  const toast = useToast();
  const heading = useRef<HTMLHeadingElement>(null);
  const from = row ? values(row) : blank;
  const form = useDraft<Values>(`${props.name}/${row?.id ?? "new"}`, from, row?.version ?? 0, sameValue);
  const [theirs, setTheirs] = useState<Row | null>(null);

  useEffect(() => heading.current?.focus(), []);

  const command = useCommand(
    ({ draft, version }: { draft: Values; version: number | undefined }, key) => save(draft, key, version),
    (saved) => {
      setTheirs(null);
      form.restart(values(saved), saved.version);
      toast(words.saved);
      onSaved(saved);
    },
  );
  const compare = async () => {
    const now = row ? await again(row.id) : undefined;
    if (now) setTheirs(now);
  };
  const send = async (draft: Values, version: number | undefined) => {
    await command.run({ draft, version });
  };
  useEffect(() => {
    if (command.refusal?.status === STALE && row) void again(row.id).then((now) => now && setTheirs(now));
  }, [command.refusal, again, row]);

  const overtaken = row !== null && form.dirty && row.version !== form.version;
  const stale = command.refusal?.status === STALE;
  return (
    <form
      noValidate
      className="records-record stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (overtaken) void compare();
        else void send(form.draft, row ? form.version : undefined);
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        {props.title}
      </h2>
      {form.found ? <Strip state="info">{words.foundDraft}</Strip> : null}
      {overtaken || stale ? (
        <Strip
          state="warn"
          role="alert"
          acts={<Button onClick={() => void compare()}>{words.seeBoth}</Button>}
        >
          {words.overtaken}
        </Strip>
      ) : null}
      <fieldset disabled={props.readOnly} className="stack">
        <Fields
          groups={groups}
          values={form.draft}
          onChange={form.set}
          refusal={command.refusal}
          made={row !== null}
        />
      </fieldset>
      {props.children}
      <Told refusal={stale ? null : command.refusal} groups={groups} />
      <div className="row records-foot">
        {props.readOnly ? null : (
          <Button type="submit" kind="primary" busy={command.pending}>
            {props.saveLabel ?? words.save}
          </Button>
        )}
        {onClose || form.dirty ? (
          <Button
            onClick={() => {
              form.restart(from, row?.version ?? 0);
              onClose?.();
            }}
          >
            {form.dirty ? words.giveUp : words.close}
          </Button>
        ) : null}
        {form.dirty ? <span className="small muted">{words.unsaved}</span> : null}
      </div>
      {theirs ? (
        <TwoVersions
          groups={groups}
          began={form.began}
          mine={form.draft}
          theirs={values(theirs)}
          busy={command.pending}
          onSave={(chosen) => {
            form.restart(values(theirs), theirs.version, chosen);
            setTheirs(null);
            void send(chosen, theirs.version);
          }}
          onTheirs={() => {
            form.restart(values(theirs), theirs.version);
            command.renew();
            setTheirs(null);
          }}
          onClose={() => setTheirs(null)}
        />
      ) : null}
    </form>
  );
}

/** A refusal where no field says it already. */
function Told({ refusal, groups }: { readonly refusal: Refusal | null; readonly groups: readonly Group[] }) {
  const pointers = groups.flatMap((group) => group.fields).map((field) => pointerOf(field.name));
  return faultsShown(refusal, pointers) ? null : <RefusalStrip refusal={refusal} />;
}
