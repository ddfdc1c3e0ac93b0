import { useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { DESK } from "../../calls/desk";
import { useDirectory } from "../../calls/directory";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { gestures } from "../../words/gestures";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { deskWords } from "./words";

type Unread = Schema<"telesecretariat.UnreadInstruction">;

/** What is new to her, read between two calls: the next call then asks no press for it. */
export function UnreadInstructions() {
  const words = useWords(deskWords);
  const unread = useLiveQuery({
    queryKey: ["telesecretariat", "instructions", "unread"],
    queryFn: () => body(api.GET("/api/telesecretariat/v1/instructions/unread")),
    topics: ["telesecretariat.instruction_*"],
  });
  if (unread.data?.items.length === 0) return null;
  return (
    <section className="panel stack" aria-label={words.unreadTitle}>
      <h2>
        {words.unreadTitle} <span className="muted">{unread.data?.items.length ?? ""}</span>
      </h2>
      <Read of={unread} lines={4}>
        {({ items }) => (
          <ul className="desk-list">
            {items.map((each) => (
              <Line key={each.version_id} version={each} />
            ))}
          </ul>
        )}
      </Read>
    </section>
  );
}

function Line({ version }: { readonly version: Unread }) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const { nameOf } = useDirectory();
  const client = useQueryClient();
  const read = useCommand(
    (_: null) =>
      body(
        api.POST("/api/telesecretariat/v1/instructions/{instruction_id}/versions/{version_id}/acknowledge", {
          params: {
            path: { instruction_id: version.instruction_id, version_id: version.version_id },
          },
        }),
      ).then(() => true),
    () => {
      void client.invalidateQueries({ queryKey: ["telesecretariat", "instructions", "unread"] });
      void client.invalidateQueries({ queryKey: DESK, exact: true });
    },
  );
  const whose =
    version.scope === "practitioner"
      ? nameOf(version.scope_id) || words.instructionScopes.practitioner
      : words.instructionScopes[version.scope];
  return (
    <li className="stack">
      <div>
        <strong>{whose}</strong>{" "}
        <span className="small muted">
          {words.instructionVersion(version.number, dateOnly(version.published_at, language))}
        </span>
      </div>
      {version.text ? <p className="desk-text">{version.text}</p> : null}
      {version.forbidden.length > 0 ? (
        <p>
          <Badge state="danger">{words.forbidden}</Badge> {gestures(version.forbidden, language)}
        </p>
      ) : null}
      {version.allowed.length > 0 ? (
        <p>
          <Badge state="ok">{words.allowed}</Badge> {gestures(version.allowed, language)}
        </p>
      ) : null}
      <div>
        <Button busy={read.pending} onClick={() => void read.run(null)}>
          {words.acknowledge}
        </Button>
      </div>
      <RefusalStrip refusal={read.refusal} />
    </li>
  );
}
