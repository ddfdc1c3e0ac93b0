import { useState } from "react";
import { api, body, onSession } from "../api/client";
import { useCommand } from "../api/command";
import { useSession } from "../api/session";
import { Button } from "../ui/button";
import { RefusalStrip, Strip } from "../ui/state";
import { useWords } from "../words/language";
import { shellWords } from "./words";

/** Choice of the organisation and the role to work under. */
export function ChooseContext({ onChosen }: { readonly onChosen: () => void }) {
  const words = useWords(shellWords);
  const { session, renew } = useSession();
  const [chosen, setChosen] = useState("");
  const choose = useCommand(
    async (membership_id: string) => {
      // This tab changes it: the stream's word that it changed is no news here.
      const told = onSession.contextChanged;
      onSession.contextChanged = () => {};
      try {
        return await body(api.PUT("/auth/session/context", { body: { membership_id } }));
      } catch (error) {
        onSession.contextChanged = told;
        throw error;
      }
    },
    async () => {
      await renew();
      onChosen();
    },
  );
  return (
    <section className="panel stack">
      <h2>{words.contextTitle}</h2>
      <p>{words.contextText}</p>
      <RefusalStrip refusal={choose.refusal} />
      {session.unknown_sites?.map((site) => (
        <Strip key={site.identifier} state="warn">
          {site.label} : {site.detail}
        </Strip>
      ))}
      <ul className="stack">
        {session.contexts?.map((each) => (
          <li key={each.membership_id}>
            <Button
              className="wide"
              aria-current={each.membership_id === session.context?.membership_id || undefined}
              busy={choose.pending && chosen === each.membership_id}
              onClick={() => {
                setChosen(each.membership_id);
                void choose.run(each.membership_id);
              }}
            >
              {each.organisation_name}, {words.role(each.role)}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
