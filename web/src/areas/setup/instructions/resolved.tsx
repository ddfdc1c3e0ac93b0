import { useQuery } from "@tanstack/react-query";
import { api, body } from "../../../api/client";
import { Badge, Read } from "../../../ui/state";
import { gestures } from "../../../words/gestures";
import { useLanguage, useWords } from "../../../words/language";
import { contactsText } from "./contacts";
import type { Place } from "./instructions";
import { INSTRUCTIONS, type Instruction } from "./shared";
import { instructionWords } from "./words";

interface Props {
  readonly place: Place;
  readonly at: string;
  readonly instructions: readonly Instruction[];
}

/** What an agent would read at an instant, and from which level each word comes. */
export function Resolved({ place, at, instructions }: Props) {
  const words = useWords(instructionWords);
  const { language } = useLanguage();
  const versions = instructions.flatMap((each) => each.versions.map((one) => `${one.id}${one.version}`));
  const read = useQuery({
    queryKey: [...INSTRUCTIONS, "resolve", place, at, versions.join()],
    queryFn: () =>
      body(
        api.POST("/api/telesecretariat/v1/instructions/resolve", {
          body: {
            client_id: place.client,
            site_id: place.site || null,
            practitioner_id: place.practitioner || null,
            motive: place.motive || null,
            at,
          },
        }),
      ),
  });
  const levels = (ids: readonly string[] | undefined) => {
    const from = instructions.filter((each) => each.versions.some((one) => ids?.includes(one.id)));
    return [...new Set(from.map((each) => words.scopes[each.scope]))].join(", ");
  };
  return (
    <section className="panel stack" aria-label={words.reads}>
      <h2>{words.reads}</h2>
      <Read of={read} lines={3}>
        {(told) => (
          <div className="stack" role="status">
            {told.text ? (
              <p className="records-pre">
                {told.text} <Badge>{levels(told.sources.text)}</Badge>
              </p>
            ) : (
              <p className="muted">{words.nothingRead}</p>
            )}
            {told.allowed.length > 0 ? (
              <p>
                <strong>{words.allowed}</strong> {gestures(told.allowed, language)}{" "}
                <Badge>{levels(told.sources.allowed)}</Badge>
              </p>
            ) : null}
            {told.forbidden.length > 0 ? (
              <p>
                <strong>{words.forbidden}</strong> {gestures(told.forbidden, language)}{" "}
                <Badge>{levels(told.sources.forbidden)}</Badge>
              </p>
            ) : null}
            {told.urgent_contacts.length > 0 ? (
              <p>
                <strong>{words.contacts}</strong> {contactsText(told.urgent_contacts, words)}{" "}
                <Badge>{levels(told.sources.urgent_contacts)}</Badge>
              </p>
            ) : null}
          </div>
        )}
      </Read>
    </section>
  );
}
