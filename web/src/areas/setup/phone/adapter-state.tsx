import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Badge, RefusalStrip, Strip } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { dayAndTime, duration } from "../../../words/time";
import { ADAPTERS, type Adapter } from "./shared";
import { phoneWords } from "./words";

/** Whether a telephone system answers, what it can do, when it did not; and its secret. */
export function AdapterState({ adapter }: { readonly adapter: Adapter }) {
  const words = useWords(phoneWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const up = adapter.state === "up";
  return (
    <section className="stack" aria-label={words.adapterState}>
      <div className="row spread">
        <h3>{words.adapterState}</h3>
        <Button onClick={() => void client.invalidateQueries({ queryKey: ADAPTERS })}>
          {words.askAgain}
        </Button>
      </div>
      <p className="row" role="status">
        <Badge state={up ? "ok" : "danger"}>{words.adapterStates[adapter.state]}</Badge>
        <span>{words.since(dayAndTime(adapter.since, language))}</span>
      </p>
      {adapter.run_until === null && adapter.kind !== "webhook" ? (
        <Strip state="warn">{words.nobodyRuns}</Strip>
      ) : null}
      {adapter.capabilities.length > 0 ? (
        <p>
          <strong>{words.can}</strong> {adapter.capabilities.map((each) => words.capability(each)).join(", ")}
        </p>
      ) : null}
      {adapter.kind === "webhook" ? <Secret adapter={adapter} /> : null}
      {adapter.outages.length > 0 ? (
        <DataTable
          caption={words.outages}
          rows={adapter.outages}
          keyOf={(row) => row.began_at}
          columns={[
            { id: "began", head: words.from, cell: (row) => dayAndTime(row.began_at, language) },
            {
              id: "lasted",
              head: words.lasted,
              cell: (row) =>
                row.ended_at
                  ? duration((Date.parse(row.ended_at) - Date.parse(row.began_at)) / 1000)
                  : words.stillDown,
            },
            { id: "calls", head: words.lostCalls, number: true, cell: (row) => row.calls_reconciled },
          ]}
        />
      ) : (
        <p className="muted">{words.noOutage}</p>
      )}
    </section>
  );
}

/** Where it sends its events, and the secret it signs them with: told once, the one before counts 24 h more. */
function Secret({ adapter }: { readonly adapter: Adapter }) {
  const words = useWords(phoneWords);
  const { language } = useLanguage();
  const toast = useToast();
  const client = useQueryClient();
  const [asked, ask] = useState(false);
  const rotate = useCommand((_: null, key) =>
    body(
      api.POST("/api/telesecretariat/v1/telephony/adapters/{id}/secret", {
        params: { path: { id: adapter.id } },
        headers: act(key),
      }),
    ),
  );
  const told = rotate.done;
  const close = () => {
    ask(false);
    rotate.renew();
    void client.invalidateQueries({ queryKey: ADAPTERS });
  };
  const secret = told?.secret ?? "";
  const label = adapter.setup?.signed ? words.newSecret : words.firstSecret;
  return (
    <>
      <p>
        {words.sendsTo}{" "}
        <span className="mono setup-code">
          {`${window.location.origin}/api/telesecretariat/v1/telephony/${adapter.id}/events`}
        </span>
      </p>
      {adapter.setup?.signed ? null : <Strip state="warn">{words.unsignedYet}</Strip>}
      <div>
        <Button kind={adapter.setup?.signed ? "plain" : "primary"} onClick={() => ask(true)}>
          {label}
        </Button>
      </div>
      {asked && !told ? (
        <Dialog
          title={label}
          onClose={close}
          foot={
            <Button kind="primary" busy={rotate.pending} onClick={() => void rotate.run(null)}>
              {label}
            </Button>
          }
        >
          <p>{words.secretText}</p>
          <RefusalStrip refusal={rotate.refusal} />
        </Dialog>
      ) : null}
      {told ? (
        <Dialog
          title={words.secretOnce}
          onClose={close}
          mustAct
          foot={
            <>
              <Button
                onClick={() =>
                  void navigator.clipboard?.writeText(secret).then(() => toast(words.secretCopied))
                }
              >
                {words.copySecret}
              </Button>
              <Button kind="primary" onClick={close}>
                {words.secretKept}
              </Button>
            </>
          }
        >
          <p>{words.secretOnceText}</p>
          <p className="mono setup-code">{secret}</p>
          {told.previous_until ? (
            <p className="muted">{words.previousUntil(dayAndTime(told.previous_until, language))}</p>
          ) : null}
        </Dialog>
      ) : null}
    </>
  );
}
