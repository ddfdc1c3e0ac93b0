import { useEffect, useState } from "react";
import { useCallFile, useCurrentCall, useDesk } from "../../calls/current";
import { forgetOthers, readDraft } from "../../calls/drafts";
import { useMedia } from "../../ui/media";
import { Read } from "../../ui/state";
import { Tabs } from "../../ui/tabs";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { Caller } from "./caller";
import "./desk.css";
import { Left } from "./left";
import { deskWords } from "./words";
import { type Panel, Work } from "./work";

const PLACES = ["left", "middle", "right"] as const;
type Place = (typeof PLACES)[number];

/** What waits, who calls, what one does: three columns, two on a smaller screen, tabs on a narrow one. */
export default function Desk() {
  const words = useWords(deskWords);
  const desk = useDesk();
  const call = useCurrentCall();
  const file = useCallFile(call?.id);
  const narrow = useMedia("(max-width: 899px)");
  const [place, setPlace] = useState<Place>("middle");
  const [consulted, consult] = useState<string | null>(null);
  const callId = call?.id ?? null;
  const loaded = desk.data !== undefined;
  useEffect(() => {
    if (loaded) forgetOthers(callId);
    consult(null);
    if (callId) setPlace("middle");
  }, [callId, loaded]);
  const patientId = call ? (file.data?.patient_id ?? null) : consulted;
  return (
    <Read of={desk}>
      {(data) => {
        const parts: Record<Place, React.ReactNode> = {
          left: <Left desk={data} />,
          middle: (
            <Caller
              key={callId ?? "none"}
              desk={data}
              call={call}
              file={file.data ?? null}
              patientId={patientId}
              onConsult={consult}
            />
          ),
          right: (
            <Work
              key={`${callId ?? "none"}`}
              call={call}
              file={file.data ?? null}
              patientId={patientId}
              onPerson={consult}
              initial={(readDraft(callId ?? "none", "panel") as Panel | null) ?? null}
              onOpened={() => setPlace("right")}
            />
          ),
        };
        return (
          <>
            <Title hidden>{words.title}</Title>
            {narrow ? (
              <Tabs
                tabs={PLACES.map((id) => ({ id, label: words[id] }))}
                selected={place}
                onSelect={(id) => setPlace(id as Place)}
                label={words.columns}
              >
                {PLACES.map((id) => (
                  <div key={id} hidden={id !== place}>
                    {parts[id]}
                  </div>
                ))}
              </Tabs>
            ) : (
              <div className="desk-columns">
                {PLACES.map((id) => (
                  <section key={id} className={`desk-${id}`} aria-label={words[id]}>
                    {parts[id]}
                  </section>
                ))}
              </div>
            )}
          </>
        );
      }}
    </Read>
  );
}
