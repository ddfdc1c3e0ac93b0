import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { faultAt, TextField } from "../../ui/field";
import { Read, RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import type { ActProps } from "./act";
import { Big } from "./commands";
import { stationWords } from "./words";

/** A crate is taken in hand by its scan; packs scanned after it go into it; then it is sealed. */
export function Dispatch({ station, post }: ActProps) {
  const last = station.recent.find(
    (item) => item.result?.subject?.kind === "crate" || item.result?.details?.crate_id,
  );
  const result = last?.result;
  const crate = result?.subject?.kind === "crate" ? result.subject.id : result?.details?.crate_id;
  return typeof crate === "string" ? <InHand key={crate} crate={crate} post={post.id} /> : null;
}

function InHand({ crate, post }: { readonly crate: string; readonly post: string }) {
  const words = useWords(stationWords);
  const [number, setNumber] = useState("");
  const inside = useQuery({
    queryKey: ["cooperation", "post", post, "crate", crate],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/crates/{crate_id}", { params: { path: { crate_id: crate } } })),
  });
  const seal = useCommand(
    () =>
      body(
        api.POST("/api/cooperation/v1/crates/{crate_id}/seal", {
          params: { path: { crate_id: crate } },
          body: { number },
        }),
      ),
    () => void inside.refetch(),
  );
  return (
    <Read of={inside} lines={2}>
      {(state) => (
        <section className="panel stack">
          <h2>
            {words.crate(state.tag.split("/").at(-1) ?? "")}, {words.things(state.contents.length)}
          </h2>
          {state.seal ? (
            <p>{words.sealed(state.seal)}</p>
          ) : (
            <>
              <RefusalStrip refusal={seal.refusal} />
              <TextField
                label={words.sealNumber}
                value={number}
                fault={faultAt(seal.refusal, "/number")}
                onChange={(event) => setNumber(event.target.value)}
              />
              <Big
                command="TERMINER"
                kind="primary"
                busy={seal.pending}
                blocked={
                  state.contents.length === 0 ? words.emptyCrate : number ? undefined : words.sealNumberFirst
                }
                onPress={() => void seal.run(undefined)}
              >
                {words.seal}
              </Big>
            </>
          )}
        </section>
      )}
    </Read>
  );
}
