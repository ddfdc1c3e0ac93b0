import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { type ActProps, useSaid } from "./act";
import { Big } from "./commands";
import { MachineState } from "./machine";
import { printed } from "./print";
import { stationWords } from "./words";

/** Wrapped, sealed, labelled: the packaging goes with each scan, and the label of the last pack is printed from here. */
export function Packing({ post, station, said }: ActProps) {
  const words = useWords(stationWords);
  const packagings = useQuery({
    queryKey: ["cooperation", "packagings"],
    queryFn: async () =>
      (await body(api.GET("/api/cooperation/v1/packagings", { params: { query: { limit: 50 } } }))).items,
  });
  const [packaging, setPackaging] = useState<string | null>(null);
  useSaid(
    said,
    useMemo(() => (packaging ? { packaging_id: packaging } : {}), [packaging]),
  );
  const result = station.last?.result;
  const run = result?.outcome === "done" && result.subject?.kind === "run" ? result.subject.id : undefined;
  const print = useCommand((id: string) => printed(id));
  return (
    <>
      {post.machine ? <MachineState machine={post.machine} /> : null}
      <section className="panel stack">
        <h2>{words.packaging}</h2>
        <fieldset className="row" aria-label={words.packaging}>
          <Big pressed={packaging === null} onPress={() => setPackaging(null)}>
            {words.listedPackaging}
          </Big>
          {packagings.data?.map((each) => (
            <Big key={each.id} pressed={packaging === each.id} onPress={() => setPackaging(each.id)}>
              {each.name}
            </Big>
          ))}
        </fieldset>
        <RefusalStrip refusal={print.refusal} />
        <Big
          command="VALIDER"
          kind="primary"
          busy={print.pending}
          blocked={run ? undefined : words.nothingPacked}
          onPress={() => run && void print.run(run)}
        >
          {words.printLabel}
        </Big>
      </section>
    </>
  );
}
