import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Check, faultAt, SelectField } from "../../../ui/field";
import { Badge, Read, RefusalStrip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { dayAndTime } from "../../../words/time";
import { setupWords } from "../words";
import { INSTRUCTIONS, type Instruction, useDirectory, type Version } from "./shared";
import { instructionWords } from "./words";

interface Props {
  readonly instruction: Instruction;
  readonly version: Version;
  readonly own: boolean;
  readonly onClose: () => void;
}

const pathOf = ({ instruction, version }: Props) => ({
  instruction_id: instruction.id,
  version_id: version.id,
});

/** Puts a draft into force, with the practitioner who answers for it. */
export function PublishDialog(props: Props) {
  const { version, own, onClose } = props;
  const words = useWords(instructionWords);
  const all = useWords(setupWords);
  const toast = useToast();
  const client = useQueryClient();
  const people = useDirectory().data?.practitioners ?? [];
  const [approver, setApprover] = useState("");
  const [replaces, setReplaces] = useState(true);
  const publish = useCommand(
    (_: undefined, key) =>
      body(
        api.POST("/api/telesecretariat/v1/instructions/{instruction_id}/versions/{version_id}/publish", {
          params: { path: pathOf(props) },
          body: { validator_id: own ? null : approver || null, ends_previous: replaces },
          headers: act(key),
        }),
      ),
    async () => {
      toast(words.published);
      await client.invalidateQueries({ queryKey: INSTRUCTIONS });
      onClose();
    },
  );
  const fault = faultAt(publish.refusal, "/validator_id");
  return (
    <Dialog
      title={words.publishTitle}
      onClose={onClose}
      foot={
        <Button kind="primary" busy={publish.pending} onClick={() => void publish.run(undefined)}>
          {words.confirmPublish}
        </Button>
      }
    >
      <p>{words.publishText}</p>
      <p className="records-pre panel">{version.text}</p>
      {own ? null : (
        <SelectField
          label={words.approver}
          required
          value={approver}
          fault={fault}
          onChange={(event) => setApprover(event.target.value)}
        >
          <option value="">{all.choose}</option>
          {people
            .filter((each) => each.active)
            .map((each) => (
              <option key={each.practitioner_id} value={each.practitioner_id}>
                {each.display_name}
              </option>
            ))}
        </SelectField>
      )}
      <Check
        label={words.replaces}
        checked={replaces}
        onChange={(event) => setReplaces(event.target.checked)}
      />
      {fault ? null : <RefusalStrip refusal={publish.refusal} />}
    </Dialog>
  );
}

/** Takes a version out of force. */
export function WithdrawDialog(props: Props) {
  const words = useWords(instructionWords);
  const toast = useToast();
  const client = useQueryClient();
  const withdraw = useCommand(
    (_: undefined, key) =>
      body(
        api.POST("/api/telesecretariat/v1/instructions/{instruction_id}/versions/{version_id}/withdraw", {
          params: { path: pathOf(props) },
          headers: act(key),
        }),
      ),
    async () => {
      toast(words.withdrawn);
      await client.invalidateQueries({ queryKey: INSTRUCTIONS });
      props.onClose();
    },
  );
  return (
    <Dialog
      title={words.withdrawTitle}
      onClose={props.onClose}
      foot={
        <Button kind="danger" busy={withdraw.pending} onClick={() => void withdraw.run(undefined)}>
          {words.confirmWithdraw}
        </Button>
      }
    >
      <p>{words.withdrawText}</p>
      <RefusalStrip refusal={withdraw.refusal} />
    </Dialog>
  );
}

/** What a version changes against the one before it, line by line. */
export function DifferencesDialog({ instruction, version, onClose }: Props) {
  const words = useWords(instructionWords);
  const path = { instruction_id: instruction.id };
  const read = useQuery({
    queryKey: [...INSTRUCTIONS, "differences", version.id, version.version],
    queryFn: () =>
      body(
        api.GET("/api/telesecretariat/v1/instructions/{instruction_id}/differences", {
          params: { path, query: { before: version.number - 1, after: version.number } },
        }),
      ),
  });
  return (
    <Dialog title={words.differences} onClose={onClose} wide>
      <Read of={read}>
        {(told) => (
          <>
            <p className="muted">
              {words.version(told.before.number)} - {words.version(told.after.number)}
            </p>
            {told.fields.length > 0 ? (
              <p>
                {words.changedFields(
                  told.fields.map((each) => words.fields[each as "text"] ?? each).join(", "),
                )}
              </p>
            ) : null}
            {told.text.some((each) => each.sign !== "same") ? (
              <ul className="setup-diff">
                {told.text.map((each, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity
                  <li key={place} data-sign={each.sign}>
                    {each.sign === "same" ? null : (
                      <strong>{each.sign === "added" ? words.added : words.removed} : </strong>
                    )}
                    {each.line}
                  </li>
                ))}
              </ul>
            ) : (
              <p>{words.noTextChange}</p>
            )}
          </>
        )}
      </Read>
    </Dialog>
  );
}

/** Who has acknowledged a version, and who has not. */
export function ReadersDialog(props: Props) {
  const words = useWords(instructionWords);
  const { language } = useLanguage();
  const read = useQuery({
    queryKey: [...INSTRUCTIONS, "readers", props.version.id],
    queryFn: () =>
      body(
        api.GET(
          "/api/telesecretariat/v1/instructions/{instruction_id}/versions/{version_id}/acknowledgements",
          { params: { path: pathOf(props) } },
        ),
      ),
  });
  return (
    <Dialog title={words.readTitle} onClose={props.onClose}>
      <Read of={read}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{words.nobody}</p>
          ) : (
            <ul className="stack">
              {items.map((each) => (
                <li key={each.agent_id} className="row spread">
                  <span>{each.label ?? words.unknownAgent}</span>
                  {each.acknowledged_at ? (
                    <Badge state="ok">{dayAndTime(each.acknowledged_at, language)}</Badge>
                  ) : (
                    <Badge state="warn">{words.notRead}</Badge>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Read>
    </Dialog>
  );
}
