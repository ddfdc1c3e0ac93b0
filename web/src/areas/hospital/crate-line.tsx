import { useQuery } from "@tanstack/react-query";
import { type Dispatch, type SetStateAction, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { serialOf } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { absent, type Draft, sealDiffers, sealed, undone } from "./taking";
import { hospitalWords } from "./words";

interface Props {
  readonly crate: Schema<"cooperation.HandedCrate">;
  readonly draft: Draft;
  readonly onDraft: Dispatch<SetStateAction<Draft>>;
}

/** One crate that was given: there with its seal, or missing with a reason; and what of ours is in it. */
export function CrateLine({ crate, draft, onDraft }: Props) {
  const words = useWords(hospitalWords);
  const id = crate.crate_id;
  const here = draft.here[id];
  const reason = draft.missing[id];
  const [typed, setTyped] = useState("");
  return (
    <li className="panel stack">
      <div className="row">
        <strong className="mono">{serialOf(crate.tag)}</strong>
        {here ? <Badge state="ok">{words.isHere}</Badge> : null}
        {reason ? <Badge state="danger">{words.isMissing}</Badge> : null}
        {!here && reason === undefined ? <Badge state="unknown">{words.toCount}</Badge> : null}
        {sealDiffers(draft, crate) ? <Badge state="warn">{words.otherSeal}</Badge> : null}
        <span className="muted small">{words.sealGiven(crate.seal_given)}</span>
      </div>
      <Contents crateId={id} />
      {here ? (
        <div className="row hospital-find">
          <TextField
            label={words.sealRead}
            hint={words.sealHint}
            autoComplete="off"
            value={here.seal}
            onChange={(event) => onDraft((before) => sealed(before, id, event.target.value))}
          />
          <Button onClick={() => onDraft((before) => undone(before, id))}>{words.undo}</Button>
        </div>
      ) : reason === undefined ? (
        <form
          className="row hospital-find"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim()) onDraft((before) => absent(before, id, typed.trim()));
          }}
        >
          <TextField
            label={words.whyMissing}
            maxLength={1000}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit" kind="danger">
            {words.sayMissing}
          </Button>
        </form>
      ) : (
        <p className="row">
          {reason}
          <Button onClick={() => onDraft((before) => undone(before, id))}>{words.undo}</Button>
        </p>
      )}
    </li>
  );
}

function Contents({ crateId }: { readonly crateId: string }) {
  const words = useWords(hospitalWords);
  const { data } = useQuery({
    queryKey: ["cooperation", "crates", crateId],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/crates/{crate_id}", { params: { path: { crate_id: crateId } } })),
  });
  if (!data) return null;
  const named = data.contents.map((held) => held.name).filter((name) => name !== null);
  return (
    <p className="small">
      {words.holds(data.things)}
      {named.length > 0 ? ` : ${named.join(", ")}` : ""}
    </p>
  );
}
