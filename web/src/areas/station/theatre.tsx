import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import type { Item } from "../../scan/queue-model";
import { Empty, Read, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { addDays, instantAt, now, timeOfDay, today } from "../../words/time";
import type { ActProps } from "./act";
import { Big } from "./commands";
import { stationWords } from "./words";

const DEFECTS = ["torn_pack", "wet_pack", "soil_seen", "instrument_missing", "instrument_broken"] as const;

/** Yes, no or not verified; then its use, or what is wrong with it, in one press. */
export function Theatre({ station }: ActProps) {
  const words = useWords(stationWords);
  const [doing, setDoing] = useState<{ what: "use" | "defect"; item: number } | null>(null);
  const item = station.recent[0];
  const good = item?.result?.outcome === "checked" && item.result.good === true;
  // Another scan is another thing: what was being said of the last one is closed.
  const open = doing && item && doing.item === item.id ? doing.what : null;
  if (!item?.result) return null;
  const close = () => setDoing(null);
  return (
    <>
      {open === null ? (
        <div className="row">
          {good ? (
            <Big command="VALIDER" kind="primary" onPress={() => setDoing({ what: "use", item: item.id })}>
              {words.use}
            </Big>
          ) : null}
          <Big command="ANNULER" onPress={() => setDoing({ what: "defect", item: item.id })}>
            {words.defect}
          </Big>
        </div>
      ) : open === "use" ? (
        <Use item={item} onDone={close} />
      ) : (
        <Defect item={item} onDone={close} />
      )}
    </>
  );
}

function Use({ item, onDone }: { readonly item: Item; readonly onDone: () => void }) {
  const words = useWords(stationWords);
  const { language } = useLanguage();
  const say = useToast();
  const operations = useQuery({
    queryKey: ["cooperation", "operations", today()],
    queryFn: async () => {
      const query = {
        from: instantAt(today(), "00:00"),
        to: instantAt(addDays(today(), 1), "00:00"),
        limit: 30,
      };
      return (await body(api.GET("/api/cooperation/v1/operations", { params: { query } }))).items;
    },
  });
  const use = useCommand(
    (operation_ref: string) =>
      body(
        api.POST("/api/cooperation/v1/uses", {
          body: { code: item.code, operation_ref, used_at: now().toISOString(), intact: true },
        }),
      ),
    () => {
      say(words.used);
      onDone();
    },
  );
  const waiting = (operations.data ?? []).filter(
    (each) => each.state !== "done" && each.state !== "cancelled",
  );
  return (
    <section className="panel stack">
      <h2>{words.whichOperation}</h2>
      <RefusalStrip refusal={use.refusal} />
      <Read of={operations} lines={2}>
        {() => (waiting.length === 0 ? <Empty>{words.noOperation}</Empty> : null)}
      </Read>
      <div className="row">
        {waiting.map((each) => (
          <Big key={each.id} busy={use.pending} onPress={() => void use.run(each.operation_ref)}>
            {timeOfDay(each.starts_at, language)}, {each.theatre}
            <small className="mono">{each.operation_ref}</small>
          </Big>
        ))}
        <Big command="ANNULER" onPress={onDone}>
          {words.giveUp}
        </Big>
      </div>
    </section>
  );
}

function Defect({ item, onDone }: { readonly item: Item; readonly onDone: () => void }) {
  const words = useWords(stationWords);
  const say = useToast();
  const report = useCommand(
    (kind: (typeof DEFECTS)[number]) =>
      body(api.POST("/api/cooperation/v1/issues", { body: { code: item.code, kind, severity: "major" } })),
    () => {
      say(words.reported);
      onDone();
    },
  );
  return (
    <section className="panel stack">
      <h2>{words.whichDefect}</h2>
      <RefusalStrip refusal={report.refusal} />
      <div className="row">
        {DEFECTS.map((kind) => (
          <Big key={kind} busy={report.pending} onPress={() => void report.run(kind)}>
            {words.defects[kind]}
          </Big>
        ))}
        <Big command="ANNULER" onPress={onDone}>
          {words.giveUp}
        </Big>
      </div>
    </section>
  );
}
