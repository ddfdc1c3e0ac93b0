import { useEffect, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { serialOf } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { SelectField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useWords } from "../../words/language";
import type { SetFile } from "./queries";
import { picture, symbolOf } from "./symbol";
import { setsWords } from "./words";

type Kind = "pack" | "release" | "tag";
type Reprint = "damaged" | "lost" | "printer_fault" | "misprinted";
interface Props {
  readonly file: SetFile;
  readonly run: Schema<"cooperation.SetTurn"> | undefined;
  readonly onClose: () => void;
}

/** The labels of a set: those of its pack as the service draws them, and its own mark. Alone on the page in print. */
export function Labels({ file, run, onClose }: Props) {
  const words = useWords(setsWords);
  const packed = run !== undefined && ["packed", "sterilising", "released"].includes(run.stage);
  const [kind, setKind] = useState<Kind>(run?.stage === "released" ? "release" : packed ? "pack" : "tag");
  const [drawn, setDrawn] = useState<string | null>(null);
  const draw = useCommand(async (reason: Reprint | null) => {
    if (kind === "tag" || !run) return symbolOf(file.tag);
    const query = { kind, format: "svg" as const, ...(reason ? { reprint_reason: reason } : {}) };
    const answer = api.GET("/api/cooperation/v1/runs/{run_id}/label", {
      params: { path: { run_id: run.id }, query },
      parseAs: "text",
    });
    return picture(String(await body(answer)));
  }, setDrawn);
  const again = draw.refusal?.code === "REPRINT_REASON";
  useEffect(() => {
    if (!drawn) return;
    document.documentElement.dataset.printing = "label";
    return () => {
      delete document.documentElement.dataset.printing;
    };
  }, [drawn]);
  return (
    <Dialog title={words.labelTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const reason = new FormData(event.currentTarget).get("reason");
          void draw.run((reason as Reprint | null) ?? null);
        }}
      >
        {packed ? null : <Strip state="info">{words.noPack}</Strip>}
        <SelectField
          label={words.labelKind}
          value={kind}
          onChange={(event) => {
            setKind(event.target.value as Kind);
            setDrawn(null);
            draw.renew();
          }}
        >
          {packed ? <option value="pack">{words.packLabel}</option> : null}
          {run?.stage === "released" ? <option value="release">{words.releaseLabel}</option> : null}
          <option value="tag">{words.tagLabel}</option>
        </SelectField>
        {again ? (
          <>
            <Strip state="info" role="status">
              {words.reprintNeeded}
            </Strip>
            <SelectField label={words.reprint} name="reason">
              {Object.entries(words.reprints).map(([code, name]) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </SelectField>
          </>
        ) : (
          <RefusalStrip refusal={draw.refusal} />
        )}
        {drawn ? (
          <figure className="sets-label">
            <img src={drawn} alt={words.labelOf(file.name)} />
            {kind === "tag" ? (
              <figcaption>
                <strong>{file.name}</strong>
                <br />
                <span className="mono">{serialOf(file.tag)}</span>
              </figcaption>
            ) : null}
          </figure>
        ) : null}
        <p className="small muted">{kind === "tag" ? "" : words.labelNote}</p>
        <div className="row foot">
          {drawn ? (
            <Button kind="primary" onClick={() => window.print()}>
              {words.printLabel}
            </Button>
          ) : (
            <Button kind="primary" type="submit" busy={draw.pending}>
              {words.draw}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
