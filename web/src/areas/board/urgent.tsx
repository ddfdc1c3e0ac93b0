import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { UrgentBadge } from "../../cooperation/badges";
import { useNames } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextArea } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { boardWords } from "./words";

type Request = Schema<"cooperation.UrgentOut">;

/** Requests that are asked or promised; the group's manager answers, seeing what each would delay. */
export function Urgent({ rows }: { readonly rows: readonly Request[] }) {
  const words = useWords(boardWords);
  const { language } = useLanguage();
  const names = useNames();
  const { session } = useSession();
  const [chosen, choose] = useState<Request | null>(null);
  if (rows.length === 0) return null;
  return (
    <>
      <DataTable
        caption={words.urgent}
        rows={rows}
        keyOf={(row) => row.id}
        columns={[
          { id: "what", head: words.composition, cell: (row) => names.composition(row.composition_id) },
          { id: "state", head: words.state, cell: (row) => <UrgentBadge state={row.state} /> },
          { id: "for", head: words.neededAt, cell: (row) => dayAndTime(row.needed_at, language) },
          { id: "site", head: words.site, cell: (row) => names.site(row.site_id) },
          { id: "reason", head: words.reason, cell: (row) => row.reason },
          { id: "proposal", head: words.proposal, cell: (row) => <Proposal of={row} /> },
          {
            id: "acts",
            head: words.acts,
            cell: (row) =>
              row.state === "asked" && session.context?.role === "gcs_manager" ? (
                <Button kind="primary" onClick={() => choose(row)}>
                  {words.decide}
                </Button>
              ) : null,
          },
        ]}
      />
      {chosen ? <Decide key={chosen.id} request={chosen} onClose={() => choose(null)} /> : null}
    </>
  );
}

function Proposal({ of: request }: { readonly of: Request }) {
  const words = useWords(boardWords);
  const { language } = useLanguage();
  if (request.promised_at) return dayAndTime(request.promised_at, language);
  if (!request.p50 || !request.p90) return words.none;
  return (
    <ul>
      <li>{words.half(dayAndTime(request.p50, language))}</li>
      <li>{words.nine(dayAndTime(request.p90, language))}</li>
      {request.delayed.length > 0 ? <li>{words.passes(request.delayed.length)}</li> : null}
    </ul>
  );
}

function Decide({ request, onClose }: { readonly request: Request; readonly onClose: () => void }) {
  const words = useWords(boardWords);
  const say = useToast();
  const [why, setWhy] = useState("");
  const decide = useCommand(
    (sent: Schema<"cooperation.UrgentDecision">, key) =>
      body(
        api.POST("/api/cooperation/v1/urgent_requests/{request_id}/decide", {
          params: { path: { request_id: request.id } },
          body: sent,
          headers: { "Idempotency-Key": key },
        }),
      ),
    (after) => {
      say(after.state === "declined" ? words.declined : words.promised);
      onClose();
    },
  );
  const said = why.trim() || null;
  const tooLate = decide.refusal?.code === "PROMISE_IMPOSSIBLE";
  return (
    <Dialog
      title={words.decideTitle}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            kind="danger"
            busy={decide.pending}
            onClick={() => void decide.run({ outcome: "declined", why: said, sign_p50: false })}
          >
            {words.decline}
          </Button>
          <Button
            kind="primary"
            busy={decide.pending}
            onClick={() => void decide.run({ outcome: "promised", why: said, sign_p50: tooLate })}
          >
            {tooLate ? words.promiseHalf : words.promiseIt}
          </Button>
        </>
      }
    >
      <p>{request.reason}</p>
      <Proposal of={request} />
      <RefusalStrip refusal={decide.refusal} />
      <TextArea
        label={words.why}
        hint={words.whyHint}
        value={why}
        maxLength={1000}
        onChange={(event) => setWhy(event.target.value)}
        fault={faultAt(decide.refusal, "/why")}
      />
    </Dialog>
  );
}
