import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { TextField } from "../../ui/field";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { timeOfDay } from "../../words/time";
import { type ActProps, useSaid } from "./act";
import { Big } from "./commands";
import { type LoadFile, useLoadFile, useLoads } from "./loads";
import { MachineState, useMachine, useMachineRow } from "./machine";
import { stationWords } from "./words";

type Props = ActProps & { readonly machine: string };

/** Into a machine: open a load, scan in and out against its capacity, start it; it is frozen from then on. */
export function LoadAct({ post, said, machine }: Props) {
  const words = useWords(stationWords);
  const { language } = useLanguage();
  const loads = useLoads(post.id, machine);
  const open = loads.data?.find((load) => load.state === "open");
  const running = loads.data?.find((load) => load.state === "running");
  const file = useLoadFile(post.id, open?.id);
  return (
    <>
      <MachineState machine={machine} />
      <Read of={loads} lines={3}>
        {() => (
          <>
            {running ? (
              <p className="row">
                <Badge state="info">{words.running}</Badge>
                {words.cycle(running.cycle_no ?? null)}
                {running.started_at ? words.since(timeOfDay(running.started_at, language)) : null}
              </p>
            ) : null}
            {open && file.data ? (
              <OpenLoad key={open.id} file={file.data} post={post} said={said} machine={machine} />
            ) : open ? null : (
              <NewLoad post={post.id} machine={machine} kind={post.kind} />
            )}
          </>
        )}
      </Read>
    </>
  );
}

function NewLoad({ post, machine, kind }: { post: string; machine: string; kind: string }) {
  const words = useWords(stationWords);
  const client = useQueryClient();
  const row = useMachineRow(machine);
  const programmes = useQuery({
    queryKey: ["cooperation", "programmes"],
    queryFn: async () =>
      (await body(api.GET("/api/cooperation/v1/programmes", { params: { query: { limit: 100 } } }))).items,
  });
  const wanted = kind === "washing" ? "washing" : row.data?.kind;
  const fitting = (programmes.data ?? []).filter((each) => each.kind === wanted && !each.retired_at);
  const [chosen, choose] = useState<string | null>(null);
  const programme = chosen ?? fitting[0]?.id;
  const open = useCommand(
    (programme_id: string) =>
      body(api.POST("/api/cooperation/v1/loads", { body: { machine_id: machine, programme_id } })),
    () => void client.invalidateQueries({ queryKey: ["cooperation", "post", post] }),
  );
  return (
    <section className="panel stack">
      <h2>{words.newLoad}</h2>
      <RefusalStrip refusal={open.refusal} />
      <fieldset className="row" aria-label={words.programme}>
        {fitting.map((each) => (
          <Big key={each.id} pressed={each.id === programme} onPress={() => choose(each.id)}>
            {each.name}
          </Big>
        ))}
      </fieldset>
      <Big
        command="VALIDER"
        kind="primary"
        busy={open.pending}
        blocked={programme ? undefined : words.noProgramme}
        onPress={() => programme && void open.run(programme)}
      >
        {words.openLoad}
      </Big>
    </section>
  );
}

type OpenProps = ActProps extends infer T
  ? Omit<T & object, "station" | "hears"> & { readonly file: LoadFile; readonly machine: string }
  : never;

function OpenLoad({ file, post, said, machine }: OpenProps) {
  const words = useWords(stationWords);
  const client = useQueryClient();
  const row = useMachineRow(machine);
  const ready = useMachine(machine);
  const [out, setOut] = useState(false);
  useSaid(
    said,
    useMemo(() => (out ? { out: true } : {}), [out]),
  );
  const [typed, setTyped] = useState<string | null>(null);
  const cycle = typed ?? (row.data?.last_cycle_no ? String(row.data.last_cycle_no + 1) : "");
  const start = useCommand(
    () =>
      body(
        api.POST("/api/cooperation/v1/loads/{load_id}/start", {
          params: { path: { load_id: file.load.id } },
          body: { cycle_no: cycle ? Number(cycle) : null },
        }),
      ),
    () => void client.invalidateQueries({ queryKey: ["cooperation", "post", post.id] }),
  );
  const count = file.load.runs.length;
  const notReady = ready.data && !ready.data.ready ? words.notReady : undefined;
  return (
    <section className="panel stack">
      <h2>
        {file.programme_name}, {words.content(count, row.data?.capacity)}
      </h2>
      <RefusalStrip refusal={start.refusal} />
      <RunList file={file} />
      <TextField
        label={words.cycleNumber}
        hint={words.cycleHint}
        inputMode="numeric"
        pattern="[0-9]*"
        value={cycle}
        onChange={(event) => setTyped(event.target.value.replace(/\D/g, ""))}
      />
      <div className="row">
        <Big
          command="TERMINER"
          kind="primary"
          busy={start.pending}
          blocked={count === 0 ? words.emptyLoad : notReady}
          onPress={() => void start.run(undefined)}
        >
          {words.startLoad}
        </Big>
        <Big command="ANNULER" pressed={out} onPress={() => setOut(!out)}>
          {out ? words.takingOut : words.takeOut}
        </Big>
      </div>
    </section>
  );
}

export function RunList({ file }: { readonly file: LoadFile }) {
  const words = useWords(stationWords);
  if (file.runs.length === 0) return <p>{words.emptyLoad}</p>;
  return (
    <ul className="station-content">
      {file.runs.map((run) => (
        <li key={run.run_id}>
          {run.set_name}
          {run.seen_at ? (
            <Badge state={run.clean === false || run.intact === false || run.dry === false ? "danger" : "ok"}>
              {words.seen(run)}
            </Badge>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
