import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { Enrol } from "../factors";
import { accountWords } from "./words";

const KEY = ["gateway", "factors", "own"];

/** The authenticator and the recovery codes. */
export function Factors() {
  const words = useWords(accountWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const [enrolling, setEnrolling] = useState(false);
  const factors = useQuery({ queryKey: KEY, queryFn: () => body(api.GET("/auth/factors")) });
  const codes = useCommand(
    (_: null) => body(api.POST("/auth/recovery-codes")),
    () => void client.invalidateQueries({ queryKey: KEY }),
  );
  const kept = () => {
    setEnrolling(false);
    codes.renew();
    void client.invalidateQueries({ queryKey: KEY });
  };
  return (
    <section className="panel stack">
      <h2>{words.factor}</h2>
      <Read of={factors} lines={2}>
        {({ totp_since, recovery_codes_left }) => (
          <>
            <p className="row">
              <Badge state={totp_since ? "ok" : "warn"}>{totp_since ? words.on : words.off}</Badge>
              {totp_since ? words.factorSince(dayAndTime(totp_since, language)) : words.factorNone}
            </p>
            {totp_since ? <p>{words.recoveryLeft(recovery_codes_left)}</p> : null}
            <RefusalStrip refusal={codes.refusal} />
            <div className="row">
              <Button kind={totp_since ? "plain" : "primary"} onClick={() => setEnrolling(true)}>
                {totp_since ? words.replace : words.enrol}
              </Button>
              {totp_since ? (
                <Button busy={codes.pending} onClick={() => void codes.run(null)}>
                  {words.newCodes}
                </Button>
              ) : null}
            </div>
          </>
        )}
      </Read>
      {enrolling ? (
        <Dialog title={words.factor} onClose={() => setEnrolling(false)}>
          <Enrol onNext={kept} />
        </Dialog>
      ) : null}
      {codes.done ? (
        <Dialog
          title={words.newCodes}
          onClose={kept}
          mustAct
          foot={
            <Button kind="primary" onClick={kept}>
              {words.codesKept}
            </Button>
          }
        >
          <p>{words.codesShown}</p>
          <ol className="mono">
            {codes.done.recovery_codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ol>
        </Dialog>
      ) : null}
    </section>
  );
}
