import { useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, TextArea, TextField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import type { Loan } from "./list";
import { loanWords } from "./words";

interface Props {
  readonly loan: Loan;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}
const COUNTS_OUT: readonly Loan["state"][] = ["counted_in", "ready", "used", "counted_out"];

/** One loan: what was announced against what was counted; the plant counts, its manager closes. */
export function LoanFile({ loan, onChanged, onClose }: Props) {
  const words = useWords(loanWords);
  const { session, may } = useSession();
  const [act, setAct] = useState<"in" | "out" | "close" | null>(null);
  const plant = session.context?.organisation_kind === "gcs";
  const counts = plant && may("cooperation:scan.write");
  if (act === "close") return <CloseLoan loan={loan} onChanged={onChanged} onClose={onClose} />;
  if (act) return <Count loan={loan} direction={act} onChanged={onChanged} onClose={onClose} />;
  const of = (lines: Loan["counted_in"], reference: string) =>
    lines?.find((line) => line.reference === reference)?.quantity ?? "–";
  return (
    <Dialog
      title={words.title(loan.reference)}
      onClose={onClose}
      foot={
        <>
          {plant && session.context?.role === "gcs_manager" && loan.state === "counted_out" ? (
            <Button kind="danger" onClick={() => setAct("close")}>
              {words.close}
            </Button>
          ) : null}
          {counts && COUNTS_OUT.includes(loan.state) ? (
            <Button kind="primary" onClick={() => setAct("out")}>
              {words.countOut}
            </Button>
          ) : null}
          {counts && loan.state === "announced" ? (
            <Button kind="primary" onClick={() => setAct("in")}>
              {words.countIn}
            </Button>
          ) : null}
        </>
      }
    >
      {loan.ifu_ref ? (
        <p>
          {words.ifu} : {loan.ifu_ref}
        </p>
      ) : (
        <Strip state="warn">{words.noIfu}</Strip>
      )}
      {loan.operation_ref ? (
        <p>
          {words.operation} : <span className="mono">{loan.operation_ref}</span>
        </p>
      ) : null}
      {loan.set_id ? <Link href={`/sets/${loan.set_id}`}>{words.theSet}</Link> : null}
      <DataTable
        caption={words.lines}
        rows={loan.lines}
        keyOf={(line) => line.reference}
        columns={[
          { id: "article", head: words.article, cell: (line) => `${line.name} (${line.reference})` },
          { id: "told", head: words.announcedCount, number: true, cell: (line) => line.quantity },
          {
            id: "in",
            head: words.countedIn,
            number: true,
            cell: (line) => of(loan.counted_in, line.reference),
          },
          {
            id: "out",
            head: words.countedOut,
            number: true,
            cell: (line) => of(loan.counted_out, line.reference),
          },
        ]}
      />
    </Dialog>
  );
}

function Count({ loan, direction, onChanged, onClose }: Props & { readonly direction: "in" | "out" }) {
  const words = useWords(loanWords);
  const say = useToast();
  const command = useCommand(
    (sent: Schema<"cooperation.LoanCount">, key) =>
      body(
        api.POST("/api/cooperation/v1/loans/{loan_id}/count", {
          params: { path: { loan_id: loan.id } },
          body: sent,
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.counted);
      onChanged();
      onClose();
    },
  );
  const fault = (pointer: string) => faultAt(command.refusal, pointer);
  return (
    <Dialog title={direction === "in" ? words.countIn : words.countOut} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const text = (name: string) => String(form.get(name) ?? "").trim();
          void command.run({
            direction,
            lines: loan.lines.map((line, place) => ({
              reference: line.reference,
              quantity: Number(form.get(`q-${place}`)),
            })),
            ...(text("tag") ? { tag: text("tag") } : {}),
            ...(text("ifu") ? { ifu_ref: text("ifu") } : {}),
          });
        }}
      >
        <p>{words.countHint}</p>
        <RefusalStrip refusal={command.refusal} />
        {direction === "in" ? (
          <TextField
            label={words.tag}
            hint={words.tagHint}
            name="tag"
            required
            autoComplete="off"
            // A scanner ends with Enter: the form is not filled yet.
            onKeyDown={(event) => (event.key === "Enter" ? event.preventDefault() : undefined)}
            fault={fault("/tag")}
          />
        ) : null}
        {direction === "in" && !loan.ifu_ref ? (
          <TextField label={words.ifu} name="ifu" maxLength={120} fault={fault("/ifu_ref")} />
        ) : null}
        {loan.lines.map((line, place) => (
          <TextField
            key={line.reference}
            label={words.quantity(line.name)}
            hint={`${words.announcedCount} : ${line.quantity}`}
            name={`q-${place}`}
            type="number"
            min={0}
            max={500}
            required
          />
        ))}
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={command.pending}>
            {words.keepCount}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function CloseLoan({ loan, onChanged, onClose }: Props) {
  const words = useWords(loanWords);
  const say = useToast();
  const command = useCommand(
    (reason: string, key) =>
      body(
        api.POST("/api/cooperation/v1/loans/{loan_id}/close", {
          params: { path: { loan_id: loan.id } },
          body: { reason },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.closed);
      onChanged();
      onClose();
    },
  );
  return (
    <Dialog title={words.closeTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void command.run(String(new FormData(event.currentTarget).get("reason")).trim());
        }}
      >
        <RefusalStrip refusal={command.refusal} />
        <TextArea
          label={words.reason}
          hint={words.reasonHint}
          name="reason"
          required
          maxLength={1000}
          fault={faultAt(command.refusal, "/reason")}
        />
        <div className="row foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" type="submit" busy={command.pending}>
            {words.close}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
