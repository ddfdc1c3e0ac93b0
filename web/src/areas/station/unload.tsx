import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { api, body, type Schema, withTag } from "../../api/client";
import { useCommand } from "../../api/command";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { type ActProps, useSaid } from "./act";
import { Big } from "./commands";
import { RunList } from "./load";
import { type LoadFile, useLoadFile, useLoads } from "./loads";
import { stationWords } from "./words";

type Flaw = "none" | "soiled" | "torn" | "wet";
const SAID = {
  none: {},
  soiled: { clean: false },
  torn: { intact: false },
  wet: { dry: false },
} as const;

/** Out of a machine: every pack is looked at and scanned; what is not good is said before its scan. */
export function Unload(props: ActProps & { readonly machine: string }) {
  const words = useWords(stationWords);
  const loads = useLoads(props.post.id, props.machine);
  const load = loads.data?.find((each) => each.state === "running" || each.state === "to_decide");
  const file = useLoadFile(props.post.id, load?.id);
  return (
    <Read of={loads} lines={3}>
      {() =>
        load && file.data ? (
          <Inside key={load.id} {...props} file={file.data} />
        ) : (
          <Empty>{words.nothingToUnload}</Empty>
        )
      }
    </Read>
  );
}

function Inside({ post, station, said, file }: ActProps & { readonly file: LoadFile }) {
  const words = useWords(stationWords);
  const wash = post.kind === "wash_unloading";
  const [flaw, setFlaw] = useState<Flaw>("none");
  useSaid(
    said,
    useMemo(() => SAID[flaw], [flaw]),
  );
  // What was said goes with one scan, never with the next.
  const newest = station.recent[0]?.id;
  const told = useRef(newest);
  useEffect(() => {
    if (newest !== told.current) setFlaw("none");
    told.current = newest;
  }, [newest]);
  const seen = file.runs.filter((run) => run.seen_at).length;
  const toggle = (of: Flaw) => setFlaw(flaw === of ? "none" : of);
  return (
    <section className="panel stack">
      <h2>
        {words.cycle(file.load.cycle_no ?? null)} {words.seenOf(seen, file.runs.length)}
      </h2>
      <RunList file={file} />
      <div className="row">
        {wash ? (
          <Big command="ANNULER" pressed={flaw === "soiled"} onPress={() => toggle("soiled")}>
            {words.soiled}
          </Big>
        ) : (
          <>
            <Big command="ANNULER" pressed={flaw === "torn"} onPress={() => toggle("torn")}>
              {words.torn}
            </Big>
            <Big pressed={flaw === "wet"} onPress={() => toggle("wet")}>
              {words.wet}
            </Big>
          </>
        )}
        {wash ? <Accept post={post.id} file={file} /> : <Indicator post={post.id} file={file} />}
      </div>
    </section>
  );
}

/** A conform wash is accepted by who unloads it; steam never here. */
function Accept({ post, file }: { readonly post: string; readonly file: LoadFile }) {
  const words = useWords(stationWords);
  const client = useQueryClient();
  const accept = useCommand(
    async () => {
      const params = { path: { load_id: file.load.id } };
      const shown = await withTag(api.GET("/api/cooperation/v1/loads/{load_id}", { params }));
      return await body(
        api.POST("/api/cooperation/v1/loads/{load_id}/decision", {
          params: { ...params, header: { "if-match": shown.etag } },
          body: { outcome: "release" },
        }),
      );
    },
    () => void client.invalidateQueries({ queryKey: ["cooperation", "post", post] }),
  );
  const lacking = (file.load.evidence ?? []).find(
    (each) => each.state !== "ok" && each.item !== "signatory_in_scope",
  );
  return (
    <>
      <Big
        command="TERMINER"
        kind="primary"
        busy={accept.pending}
        blocked={lacking ? words.lacking(lacking.item) : undefined}
        onPress={() => void accept.run(undefined)}
      >
        {words.acceptWash}
      </Big>
      <RefusalStrip refusal={accept.refusal} />
    </>
  );
}

/** The integrator of the cycle, read by who unloads. */
function Indicator({ post, file }: { readonly post: string; readonly file: LoadFile }) {
  const words = useWords(stationWords);
  const client = useQueryClient();
  const read = useCommand(
    (result: Schema<"cooperation.ControlIn">["result"]) =>
      body(
        api.POST("/api/cooperation/v1/loads/{load_id}/controls", {
          params: { path: { load_id: file.load.id } },
          body: { kind: "integrator", result },
        }),
      ),
    () => void client.invalidateQueries({ queryKey: ["cooperation", "post", post] }),
  );
  const last = file.controls.filter((each) => each.kind === "integrator").at(-1);
  return (
    <>
      {last ? (
        <Badge state={last.result === "conform" ? "ok" : "danger"}>{words.integrator[last.result]}</Badge>
      ) : (
        <>
          <Big command="VALIDER" busy={read.pending} onPress={() => void read.run("conform")}>
            {words.indicatorConform}
          </Big>
          <Big kind="danger" busy={read.pending} onPress={() => void read.run("failed")}>
            {words.indicatorFailed}
          </Big>
        </>
      )}
      <RefusalStrip refusal={read.refusal} />
    </>
  );
}
