import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useSession } from "../../api/session";
import { type Draft, PatientForm, PatientSearch } from "../../patients";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { areaWords } from "./words";

/** One field finds anybody; what was typed begins the file of somebody new. */
export function Search() {
  const words = useWords(areaWords);
  const { may } = useSession();
  const [, go] = useLocation();
  const say = useToast();
  const [draft, setDraft] = useState<Draft | null>(null);
  if (draft) {
    return (
      <div className="patients-page stack">
        <Title>{words.newTitle}</Title>
        <div className="panel">
          <PatientForm
            initial={draft}
            onSaved={(saved) => {
              if ("version" in saved) say(words.created);
              go(`/patients/${saved.id}`);
            }}
            onCancel={() => setDraft(null)}
          />
        </div>
      </div>
    );
  }
  return (
    <div className="patients-page stack">
      <div className="row spread">
        <Title>{words.title}</Title>
        {may("appointments:patient.merge") ? (
          <Link className="button" href="/patients/duplicates">
            {words.duplicates}
          </Link>
        ) : null}
      </div>
      <div className="panel">
        <PatientSearch
          autoFocus
          onChoose={(person) => go(`/patients/${person.id}`)}
          {...(may("appointments:patient.write") ? { onNew: setDraft } : {})}
        />
      </div>
      <p className="muted">{words.howTo}</p>
    </div>
  );
}
