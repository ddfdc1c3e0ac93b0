import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Badge, RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import type { Asked } from "./audit";
import { asQuery } from "./audit";
import { adminWords } from "./words";

/** Proof that nothing was changed afterwards, and a signed file of the period. */
export function AuditFile({ asked }: { readonly asked: Asked }) {
  const words = useWords(adminWords);
  const verify = useCommand((_: null) => body(api.GET("/api/gateway/v1/audit/verification")));
  const save = useCommand(
    (_: null) =>
      body(
        api.GET("/api/gateway/v1/audit/export", { params: { query: asQuery(asked) }, parseAs: "blob" }),
      ) as Promise<unknown> as Promise<Blob>,
    (file) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = `audit-${asked.from}-${asked.to}.ndjson`;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  );
  return (
    <section className="panel stack">
      <div className="row">
        <Button busy={verify.pending} onClick={() => void verify.run(null)}>
          {words.verify}
        </Button>
        <span className="muted small">{words.verifyText}</span>
      </div>
      <RefusalStrip refusal={verify.refusal} />
      <ul className="row" aria-live="polite">
        {verify.done?.items.map(({ service, verification }) => (
          <li key={service}>
            <Badge state={!verification ? "unknown" : verification.intact ? "ok" : "danger"}>
              {service} :{" "}
              {!verification
                ? words.away
                : verification.intact
                  ? words.intact(verification.links)
                  : words.broken(verification.broken?.sequence ?? 0)}
            </Badge>
          </li>
        ))}
      </ul>
      <div className="row">
        <Button busy={save.pending} onClick={() => void save.run(null)}>
          {words.export}
        </Button>
        <span className="muted small">{words.exportText}</span>
      </div>
      <RefusalStrip refusal={save.refusal} />
    </section>
  );
}
