import { useState } from "react";
import { useLocation } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useLiveQuery } from "../../live/live";
import { PatientSearch } from "../../patients";
import { Button } from "../../ui/button";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { areaWords } from "./words";

type Merge = Schema<"appointments.MergeOut">;

/** Of one file: the other file of the same person is looked for here, and a merge is undone here. */
export function Merging({ patientId }: { readonly patientId: string }) {
  const words = useWords(areaWords);
  const [, go] = useLocation();
  const [looking, setLooking] = useState(false);
  return (
    <section className="panel stack" aria-label={words.merges}>
      <h2>{words.merges}</h2>
      <Merges patientId={patientId} />
      {looking ? (
        <div className="stack">
          <p className="muted">{words.mergeWith}</p>
          <PatientSearch
            autoFocus
            onChoose={(person) => {
              if (person.id !== patientId) go(`/patients/${patientId}/with/${person.id}`);
            }}
          />
          <div className="row">
            <Button onClick={() => setLooking(false)}>{words.cancel}</Button>
          </div>
        </div>
      ) : (
        <div className="row">
          <Button onClick={() => setLooking(true)}>{words.merge}</Button>
        </div>
      )}
    </section>
  );
}

/** Merges, newest first; each can be undone. Of one file when it is named. */
export function Merges({ patientId }: { readonly patientId?: string }) {
  const words = useWords(areaWords);
  const { language } = useLanguage();
  const say = useToast();
  const merges = useLiveQuery<readonly Merge[]>({
    queryKey: ["appointments", "merges", patientId ?? "all"],
    queryFn: async ({ signal }) => {
      const query = { limit: 20, ...(patientId ? { patient_id: patientId } : {}) };
      return (await body(api.GET("/api/appointments/v1/merges", { params: { query }, signal }))).items;
    },
    topics: ["appointments.patient_merged", "appointments.patient_unmerged"],
  });
  const undo = useCommand(
    (id: string, key: string) =>
      body(
        api.POST("/api/appointments/v1/merges/{merge_id}/undo", {
          params: { path: { merge_id: id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.undone);
      void merges.refetch();
    },
  );
  return (
    <>
      <RefusalStrip refusal={undo.refusal} />
      <Read of={merges} lines={1}>
        {(read) =>
          read.length ? (
            <ul className="patients-list">
              {read.map((each) => (
                <li key={each.id} className="row spread">
                  <span>
                    {words.mergedOn(dateOnly(each.at, language), each.reason)}{" "}
                    <span className="muted">
                      ({words.moved(Object.values(each.moved).reduce((sum, count) => sum + count, 0))})
                    </span>
                  </span>
                  {each.undone_at ? (
                    <Badge>{words.undoneOn(dateOnly(each.undone_at, language))}</Badge>
                  ) : (
                    <Button busy={undo.pending} onClick={() => void undo.run(each.id)}>
                      {words.undo}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          ) : (
            <p className="muted">{words.noMerge}</p>
          )
        }
      </Read>
    </>
  );
}
