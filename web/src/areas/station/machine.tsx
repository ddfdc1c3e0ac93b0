import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Badge, RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { Service } from "./service";
import { stationWords } from "./words";

type Test = Schema<"cooperation.TestDone">["kind"];

export function useMachine(machine: string | null) {
  return useLiveQuery({
    queryKey: ["cooperation", "machine", machine ?? "", "readiness"],
    queryFn: () => {
      const params = { path: { machine_id: machine ?? "" } };
      return body(api.GET("/api/cooperation/v1/machines/{machine_id}/readiness", { params }));
    },
    topics: ["cooperation.machine_state_changed"],
    about: machine ?? "",
    enabled: machine !== null,
  });
}

export function useMachineRow(machine: string) {
  return useQuery({
    queryKey: ["cooperation", "machine", machine],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/machines/{row_id}", { params: { path: { row_id: machine } } })),
  });
}

/** Ready or why not, and the tests of the day that are missing, with a button each. */
export function MachineState({ machine }: { readonly machine: string }) {
  const words = useWords(stationWords);
  const state = useMachine(machine);
  const record = useCommand(
    ({ kind, result }: { kind: Test; result: "conform" | "failed" }) =>
      body(
        api.POST("/api/cooperation/v1/machines/{machine_id}/tests", {
          params: { path: { machine_id: machine } },
          body: { kind, result },
        }),
      ),
    () => void state.refetch(),
  );
  const reasons = state.data?.reasons ?? [];
  const tests = reasons.flatMap((reason) => {
    const kind = /^(leak|bowie_dick|seal|performance)_(missing|failed)$/.exec(reason)?.[1];
    return kind ? [kind as Test] : [];
  });
  if (!state.data) return null;
  const service = <Service machine={machine} state={state.data.state} onDone={() => void state.refetch()} />;
  if (reasons.length === 0) return service;
  return (
    <>
      <section className="panel stack">
        <div className="row">
          {reasons.map((reason) => (
            <Badge key={reason} state={reason.endsWith("failed") ? "danger" : "warn"}>
              {words.reason(reason)}
            </Badge>
          ))}
        </div>
        <RefusalStrip refusal={record.refusal} />
        {tests.map((kind) => (
          <div key={kind} className="row">
            <strong>{words.test(kind)}</strong>
            <Button
              className="station-target"
              busy={record.pending}
              onClick={() => void record.run({ kind, result: "conform" })}
            >
              {words.testConform}
            </Button>
            <Button
              className="station-target"
              kind="danger"
              busy={record.pending}
              onClick={() => void record.run({ kind, result: "failed" })}
            >
              {words.testFailed}
            </Button>
          </div>
        ))}
      </section>
      {service}
    </>
  );
}
