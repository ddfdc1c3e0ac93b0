import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import type { Refusal } from "../../api/refusal";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextArea } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import type { useLoad } from "./queries";
import { releaseWords } from "./words";

type Shown = NonNullable<ReturnType<typeof useLoad>["data"]>;
interface Decision {
  readonly outcome: "release" | "reject";
  readonly reason?: string;
}

interface Props {
  readonly data: Shown;
  /** The evidence was changed since it was first shown: it must be looked at again. */
  readonly changed: boolean;
  readonly onRefused: (refusal: Refusal) => void;
  readonly onDone: () => void;
}

/**
 * The signature: of exactly the evidence shown, by its tag. While an item lacks, the button names it. What asks for a
 * fresh factor is asked by the frame, which then sends this very command again.
 */
export function Decide({ data, changed, onRefused, onDone }: Props) {
  const words = useWords(releaseWords);
  const say = useToast();
  const [rejecting, setRejecting] = useState(false);
  const decide = useCommand(
    async ({ outcome, reason }: Decision) => {
      try {
        return await body(
          api.POST("/api/cooperation/v1/loads/{load_id}/decision", {
            params: { path: { load_id: data.load.id }, header: { "if-match": data.etag } },
            body: { outcome, reason: reason ?? null },
          }),
        );
      } catch (error) {
        onRefused(error as Refusal);
        throw error;
      }
    },
    (load) => {
      setRejecting(false);
      say(load.state === "released" ? words.isReleased : words.isRejected);
      onDone();
    },
  );
  if (data.load.decision) return <Decided decision={data.load.decision} />;
  if (data.load.state !== "to_decide") return <Strip state="info">{words.notYet[data.load.state]}</Strip>;
  const lacking = (data.load.evidence ?? []).filter((item) => item.state !== "ok");
  const first = lacking[0];
  return (
    <section className="panel stack" aria-label={words.decision}>
      {changed ? (
        <Strip state="warn" role="alert">
          {words.evidenceChanged}
        </Strip>
      ) : null}
      {rejecting ? null : <RefusalStrip refusal={decide.refusal} />}
      <div className="row">
        <Button
          kind="primary"
          busy={decide.pending}
          blocked={first ? words.lacking(words.item[first.item], lacking.length - 1) : undefined}
          onClick={() => void decide.run({ outcome: "release" })}
        >
          {words.release}
        </Button>
        <Button kind="danger" onClick={() => setRejecting(true)}>
          {words.reject}
        </Button>
      </div>
      {rejecting ? (
        <Reject
          refusal={decide.refusal}
          pending={decide.pending}
          onReject={(reason) => void decide.run({ outcome: "reject", reason })}
          onClose={() => setRejecting(false)}
        />
      ) : null}
    </section>
  );
}

function Decided({ decision }: { readonly decision: NonNullable<Shown["load"]["decision"]> }) {
  const words = useWords(releaseWords);
  const { language } = useLanguage();
  const released = decision.outcome === "release";
  return (
    <Strip state={released ? "ok" : "danger"} role="status">
      {words.decided(released, dayAndTime(decision.decided_at, language))}
      {decision.reason ? ` ${words.because(decision.reason)}` : ""}
      <br />
      <span className="small mono">{words.signed(decision.evidence_hash.slice(0, 16))}</span>
    </Strip>
  );
}

function Reject({
  refusal,
  pending,
  onReject,
  onClose,
}: {
  readonly refusal: Refusal | null;
  readonly pending: boolean;
  readonly onReject: (reason: string) => void;
  readonly onClose: () => void;
}) {
  const words = useWords(releaseWords);
  return (
    <Dialog title={words.rejectTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onReject(String(new FormData(event.currentTarget).get("reason")).trim());
        }}
      >
        <p>{words.rejectText}</p>
        <RefusalStrip refusal={refusal} />
        <TextArea
          label={words.reason}
          hint={words.reasonHint}
          name="reason"
          fault={faultAt(refusal, "/reason")}
          maxLength={500}
          required
        />
        <div className="foot">
          <Button onClick={onClose}>{words.keep}</Button>
          <Button kind="danger" type="submit" busy={pending}>
            {words.rejectNow}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
