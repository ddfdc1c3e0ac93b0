import { gestures } from "../../../words/gestures";
import { useLanguage, useWords } from "../../../words/language";
import { now } from "../../../words/time";
import { contactsText } from "./contacts";
import type { Place } from "./instructions";
import type { Instruction, Scope, Version } from "./shared";
import { instructionWords } from "./words";

interface Props {
  readonly scope: Scope;
  readonly place: Place;
  readonly instructions: readonly Instruction[];
}

/** What holds at the wider levels, beside what is being written: an answer left empty leaves it so. */
export function Inherited({ scope, place, instructions }: Props) {
  const words = useWords(instructionWords);
  const { language } = useLanguage();
  const wider = scope === "practitioner" ? (["site", "client"] as const) : (["client"] as const);
  const said = wider.flatMap((each) => {
    const version = inForce(instructions, each, each === "client" ? place.client : place.site, place.motive);
    return version ? [{ scope: each, version }] : [];
  });
  if (said.length === 0) return null;
  return (
    <aside className="stack setup-inherited" aria-label={words.above}>
      <h3>{words.above}</h3>
      {said.map(({ scope: level, version }) => (
        <dl key={level}>
          <dt>{words.scopes[level]}</dt>
          {version.text ? <dd className="records-pre">{version.text}</dd> : null}
          {version.allowed?.length ? (
            <dd>
              <strong>{words.allowed}</strong> {gestures(version.allowed, language)}
            </dd>
          ) : null}
          {version.forbidden.length > 0 ? (
            <dd>
              <strong>{words.forbidden}</strong> {gestures(version.forbidden, language)}
            </dd>
          ) : null}
          {version.urgent_contacts ? (
            <dd>
              <strong>{words.contacts}</strong> {contactsText(version.urgent_contacts, words)}
            </dd>
          ) : null}
        </dl>
      ))}
    </aside>
  );
}

/** The version of a level that holds now: of this motive, else of all motives. */
function inForce(
  instructions: readonly Instruction[],
  scope: Scope,
  scopeId: string,
  motive: string,
): Version | undefined {
  const at = now().getTime();
  const holds = (one: Version) =>
    one.state === "published" &&
    Date.parse(one.valid_from) <= at &&
    (one.valid_to === null || Date.parse(one.valid_to) > at);
  const here = instructions.filter((each) => each.scope === scope && each.scope_id === scopeId);
  const named = (wanted: string | null) =>
    here.find((each) => (each.motive ?? null) === wanted)?.versions.find(holds);
  return (motive ? named(motive) : undefined) ?? named(null);
}
