import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { faultAt, faultsShown, SelectField, TextField } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { ifMatch, PERSONS, type Person, textOf } from "./queries";
import { adminWords } from "./words";

const FIELDS = ["display_name", "email", "phone", "rpps"] as const;
type Field = (typeof FIELDS)[number];

/** Name and addresses. The form keeps what was typed; when the record changed meanwhile, both are shown. */
export function PersonFields({ person }: { readonly person: Person }) {
  const words = useWords(adminWords);
  const client = useQueryClient();
  const say = useToast();
  // The version that was read when the form was opened: the list may be read again behind it.
  const [read, setRead] = useState(person);
  const form = useRef<HTMLFormElement>(null);
  const save = useCommand(
    (version: number) => {
      const given = new FormData(form.current ?? undefined);
      return body(
        api.PATCH("/api/gateway/v1/persons/{id}", {
          params: { path: { id: person.id } },
          body: {
            display_name: textOf(given, "display_name") ?? "",
            email: textOf(given, "email"),
            phone: textOf(given, "phone"),
            rpps: textOf(given, "rpps"),
            language: given.get("language") === "en" ? "en" : "fr",
          },
          ...ifMatch(version),
        }),
      );
    },
    (saved) => {
      setRead(saved);
      say(words.saved);
      void client.invalidateQueries({ queryKey: PERSONS });
    },
  );
  const stale = save.refusal?.status === 412;
  if (stale && person.version === read.version) void client.invalidateQueries({ queryKey: PERSONS });
  const field = (name: Field) => ({
    name,
    defaultValue: read[name] ?? "",
    fault: faultAt(save.refusal, `/${name}`),
    hint:
      stale && (person[name] ?? "") !== (read[name] ?? "")
        ? words.theirs(person[name] ?? words.empty)
        : undefined,
  });
  const shown = faultsShown(
    save.refusal,
    FIELDS.map((name) => `/${name}`),
  );
  return (
    <form
      key={read.version}
      ref={form}
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run(read.version);
      }}
    >
      <h2>{words.identity}</h2>
      {stale ? (
        <Strip
          state="warn"
          role="alert"
          acts={
            <>
              <Button onClick={() => void save.run(person.version)}>{words.keepMine}</Button>
              <Button
                onClick={() => {
                  save.renew();
                  setRead(person);
                }}
              >
                {words.takeTheirs}
              </Button>
            </>
          }
        >
          {words.stale}
        </Strip>
      ) : (
        <RefusalStrip refusal={shown ? null : save.refusal} />
      )}
      <TextField label={words.name} required {...field("display_name")} />
      <TextField label={words.email} type="email" {...field("email")} />
      <TextField label={words.phone} type="tel" {...field("phone")} />
      <TextField label={words.rpps} inputMode="numeric" {...field("rpps")} />
      <SelectField label={words.language} name="language" defaultValue={read.language}>
        <option value="fr">Français</option>
        <option value="en">English</option>
      </SelectField>
      <div>
        <Button type="submit" busy={save.pending}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}
