import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import type { CallFile } from "../../calls/desk";
import { DESK } from "../../calls/desk";
import { useDirectory } from "../../calls/directory";
import { Button } from "../../ui/button";
import { useShortcut } from "../../ui/shortcuts";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { gestures } from "../../words/gestures";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { deskWords } from "./words";

type Shown = Schema<"telesecretariat.InstructionShown">;
const SPOKEN = ["talking", "held", "transferring", "wrapping"];

/** What the doctor wants for this call, in the version that was in force when it was first shown; proved by the server. */
export function Instruction({ file }: { readonly file: CallFile }) {
  const words = useWords(deskWords);
  const { site_id, practitioner_id, motive } = file;
  const shown = useQuery({
    queryKey: ["telesecretariat", "instruction-shown", file.id, site_id, practitioner_id, motive],
    queryFn: () =>
      body(
        api.POST("/api/telesecretariat/v1/calls/{call_id}/instructions", {
          params: { path: { call_id: file.id } },
          body: { site_id, practitioner_id, motive },
        }),
      ),
    enabled: SPOKEN.includes(file.state),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before: Shown | undefined) => before,
  });
  if (!SPOKEN.includes(file.state)) return null;
  return (
    <section className="panel stack" aria-label={words.instruction}>
      <h2>{words.instruction}</h2>
      <Read of={shown} lines={3}>
        {(text) => <Text shown={text} onRead={() => void shown.refetch()} />}
      </Read>
    </section>
  );
}

interface TextProps {
  readonly shown: Shown;
  readonly onRead: () => void;
}

function Text({ shown, onRead }: TextProps) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const { nameOf } = useDirectory();
  const client = useQueryClient();
  const read = useCommand(
    (display: string) =>
      body(
        api.POST("/api/telesecretariat/v1/instruction-displays/{display_id}/acknowledge", {
          params: { path: { display_id: display } },
        }),
      ).then(() => true),
    () => {
      onRead();
      void client.invalidateQueries({ queryKey: DESK, exact: true });
    },
  );
  const acknowledge = () => void read.run(shown.display_id);
  useShortcut({ id: "desk.instruction", keys: "i", label: words.acknowledge }, acknowledge, {
    when: shown.must_acknowledge,
  });
  const none = !shown.text && !shown.absence && shown.allowed.length + shown.forbidden.length === 0;
  return (
    <>
      {none ? <p className="muted">{words.instructionNone}</p> : null}
      {shown.absence ? (
        <p>
          <Badge state="warn">{words.absentUntil(dateOnly(shown.absence.until, language))}</Badge>{" "}
          {shown.absence.text}{" "}
          {shown.absence.backup_practitioner_id
            ? words.replacedBy(nameOf(shown.absence.backup_practitioner_id))
            : null}
        </p>
      ) : null}
      {shown.text ? <p className="desk-text">{shown.text}</p> : null}
      {shown.forbidden.length > 0 ? (
        <p>
          <Badge state="danger">{words.forbidden}</Badge> {gestures(shown.forbidden, language)}
        </p>
      ) : null}
      {shown.allowed.length > 0 ? (
        <p>
          <Badge state="ok">{words.allowed}</Badge> {gestures(shown.allowed, language)}
        </p>
      ) : null}
      {shown.urgent_contacts.length > 0 ? (
        <p>
          <Badge state="info">{words.urgent}</Badge>{" "}
          {shown.urgent_contacts
            .map((each) => `${words.contactRoles[each.role]} ${words.contactWays[each.channel]}`)
            .join(", ")}
        </p>
      ) : null}
      <div className="row spread">
        <Version shown={shown} />
        {shown.must_acknowledge ? (
          <Button kind="primary" hotkey="I" busy={read.pending} onClick={acknowledge}>
            {words.acknowledge}
          </Button>
        ) : null}
      </div>
      <RefusalStrip refusal={read.refusal} />
    </>
  );
}

/** Which version one reads, and of when: the nearest one that was published last. */
function Version({ shown }: { readonly shown: Shown }) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const text = shown.sources.text?.[0];
  const version = shown.versions.find((each) => each.id === text) ?? shown.versions[0];
  if (!version) return <span />;
  return (
    <span className="small muted">
      {words.instructionVersion(version.number, dateOnly(version.published_at, language))}
      {shown.valid_until ? `, ${words.instructionUntil(dateOnly(shown.valid_until, language))}` : ""}
    </span>
  );
}
