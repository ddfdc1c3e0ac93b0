import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { faultAt, TextArea } from "../../ui/field";
import { Read, RefusalStrip, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { useRecall } from "./queries";
import { bodyOf, type ScopeItem, ScopePicker, scopeOf } from "./scope";
import { recallsWords } from "./words";

/** A recall is seen before it freezes: the counts of this very scope, then the act. */
export function NewRecall({ extended }: { readonly extended?: string }) {
  const words = useWords(recallsWords);
  return (
    <div className="stack">
      <p>
        <Link href={extended ? `/recalls/${extended}` : "/recalls"}>{words.back}</Link>
      </p>
      <Title>{extended ? words.extendTitle : words.newTitle}</Title>
      {extended ? <Extended id={extended} /> : <Form start={[]} />}
    </div>
  );
}

function Extended({ id }: { readonly id: string }) {
  const words = useWords(recallsWords);
  return (
    <Read of={useRecall(id)}>
      {(recall) => <Form start={scopeOf(recall.scope, words.known)} extended={recall} />}
    </Read>
  );
}

interface FormProps {
  readonly start: readonly ScopeItem[];
  readonly extended?: Schema<"cooperation.RecallOut">;
}

function Form({ start, extended }: FormProps) {
  const words = useWords(recallsWords);
  const say = useToast();
  const [, go] = useLocation();
  const [items, setItems] = useState(start);
  const [cause, setCause] = useState(extended?.cause ?? "");
  const scope = bodyOf(items);
  const preview = useCommand((_: null) =>
    body(
      api.POST("/api/cooperation/v1/recalls", { body: { cause: cause.trim() || "-", scope, preview: true } }),
    ),
  );
  const open = useCommand(
    async (_: null, key) => {
      const headers = { "Idempotency-Key": key };
      if (!extended)
        return body(
          api.POST("/api/cooperation/v1/recalls", { body: { cause, scope, preview: false }, headers }),
        );
      return body(
        api.POST("/api/cooperation/v1/recalls/{recall_id}/extend", {
          params: { path: { recall_id: extended.id } },
          body: { scope },
          headers: { ...headers, "If-Match": `"${extended.version}"` },
        }),
      );
    },
    (counts) => {
      say(extended ? words.extended : words.opened);
      go(`/recalls/${counts.id ?? extended?.id ?? ""}`);
    },
  );
  const change = (next: readonly ScopeItem[]) => {
    setItems(next);
    preview.renew();
    open.renew();
  };
  return (
    <div className="stack">
      {extended ? (
        <Strip state="info">{words.extendText}</Strip>
      ) : (
        <TextArea
          label={words.cause}
          value={cause}
          required
          maxLength={1000}
          onChange={(event) => setCause(event.target.value)}
          fault={faultAt(open.refusal, "/cause") ?? faultAt(preview.refusal, "/cause")}
        />
      )}
      <ScopePicker items={items} fixed={extended ? start : []} onChange={change} />
      <RefusalStrip refusal={preview.refusal ?? open.refusal} />
      <div className="row">
        <Button
          kind={preview.done ? "plain" : "primary"}
          busy={preview.pending}
          blocked={items.length === 0 ? words.emptyScope : undefined}
          onClick={() => void preview.run(null)}
        >
          {words.preview}
        </Button>
      </div>
      {preview.done ? <Counts of={preview.done} /> : null}
      <div className="row">
        <Button
          kind="stop"
          busy={open.pending}
          blocked={preview.done && cause.trim() ? undefined : preview.done ? words.cause : words.previewFirst}
          onClick={() => void open.run(null)}
        >
          {extended ? words.extend : words.freeze}
        </Button>
        {preview.done && cause.trim() ? <span>{words.freezeText}</span> : null}
      </div>
    </div>
  );
}

function Counts({ of: counts }: { readonly of: Schema<"cooperation.RecallCounts"> }) {
  const words = useWords(recallsWords);
  return (
    <section className="panel stack" role="status">
      <h2>{words.previewTitle}</h2>
      <p className="recalls-count">
        {words.countLines(counts.lines)}, {words.countMembers(counts.members)},{" "}
        {words.countOperations(counts.operations)}
      </p>
      <ul className="row">
        {Object.entries(counts.by_state)
          .filter(([, count]) => count > 0)
          .map(([state, count]) => (
            <li key={state}>
              {words.states[state as "used"]} : <strong>{count}</strong>
            </li>
          ))}
      </ul>
    </section>
  );
}
