import { useState } from "react";
import { api, body, type Schema } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { RefusalStrip, Strip } from "../ui/state";
import { useWords } from "../words/language";
import { keepPost } from "./badge";
import { shellWords } from "./words";

/** `/console/device`: this browser becomes the shared post or the wall whose code is typed. */
export default function Device() {
  const words = useWords(shellWords);
  const [done, setDone] = useState<Schema<"gateway.EnrolledOut"> | null>(null);
  const enrol = useCommand(
    (code: string) => body(api.POST("/auth/devices", { body: { code } })),
    (device) => {
      if (device.kind === "shared_post") keepPost(device.label);
      setDone(device);
    },
  );
  if (done) {
    return (
      <Strip
        state="ok"
        role="status"
        acts={
          <Button kind="primary" onClick={() => window.location.replace("/console/")}>
            {done.kind === "wall" ? words.openWall : words.toSignIn}
          </Button>
        }
      >
        {words.deviceDone(done.label, done.organisation_name)}
      </Strip>
    );
  }
  return (
    <form
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        void enrol.run(String(new FormData(event.currentTarget).get("code")));
      }}
    >
      <h2>{words.deviceTitle}</h2>
      <p>{words.deviceText}</p>
      <RefusalStrip refusal={enrol.refusal} />
      <TextField
        label={words.deviceCode}
        name="code"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        autoFocus
        required
      />
      <Button kind="primary" type="submit" busy={enrol.pending}>
        {words.enrolDevice}
      </Button>
    </form>
  );
}
