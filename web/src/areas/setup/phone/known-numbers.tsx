import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { api, body, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { only, optionsOf, type Values } from "../../../records/values";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Badge, RefusalStrip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { dateOnly } from "../../../words/time";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { KNOWN, type KnownNumber, readKnownNumbers, useClients, useLines } from "./shared";
import { phoneWords } from "./words";

/** Callers who are known by their number: professionals, who are served a little earlier, and numbers not put through. */
export default function KnownNumbers({ id }: ChapterProps) {
  const words = useWords(phoneWords);
  const all = useWords(setupWords);
  const { language } = useLanguage();
  const client = useClients().data?.[0];
  const starts = (useLines().data ?? []).map((line) => line.head_starts?.professional ?? 0);
  const noun: Noun<KnownNumber> = {
    path: "known-numbers",
    title: all.knownNumbers,
    intro: words.numbersIntro(Math.max(0, ...starts)),
    add: words.addNumber,
    addTitle: words.newNumber,
    empty: words.noNumber,
    queryKey: KNOWN,
    read: readKnownNumbers,
    name: (row) => row.label || row.number,
    columns: [
      {
        id: "kind",
        head: words.kind,
        cell: (row) => (
          <Badge state={row.kind === "barred" ? "warn" : "info"}>{words.numberKinds[row.kind]}</Badge>
        ),
      },
      { id: "number", head: words.number, cell: (row) => <span className="mono">{row.number}</span> },
      { id: "since", head: words.addedOn, cell: (row) => dateOnly(row.created_at, language) },
    ],
    groups: () => [
      {
        legend: words.identity,
        fields: [
          {
            kind: "tel",
            name: "number",
            label: words.number,
            required: true,
            fixed: true,
          },
          { kind: "choice", name: "kind", label: words.kind, options: optionsOf(words.numberKinds) },
          { kind: "text", name: "label", label: words.label, hint: words.labelHint, max: 120 },
        ],
      },
    ],
    blank: { number: "", kind: "professional", label: null },
    values: (row) => ({ ...row }),
    ...(client
      ? {
          create: (values: Values, key: string) =>
            body(
              api.POST("/api/telesecretariat/v1/known-numbers", {
                body: {
                  ...(only(values, "number kind label") as Omit<
                    Schema<"telesecretariat.KnownNumberIn">,
                    "client_id"
                  >),
                  client_id: client.id,
                },
                headers: act(key),
              }),
            ),
        }
      : {}),
    change: (row, values, key, version) =>
      body(
        api.PATCH("/api/telesecretariat/v1/known-numbers/{known_id}", {
          params: { path: { known_id: row.id } },
          body: only(values, "kind label") as Schema<"telesecretariat.KnownNumberPatch">,
          headers: act(key, version),
        }),
      ),
    beside: (row) => <Remove row={row} />,
  };
  return <NounScreen noun={noun} id={id} />;
}

/** Forgets a number whose reason is gone; its calls stay. */
function Remove({ row }: { readonly row: KnownNumber }) {
  const words = useWords(phoneWords);
  const client = useQueryClient();
  const toast = useToast();
  const [, go] = useLocation();
  const [asked, ask] = useState(false);
  const remove = useCommand(
    (_: null, key) =>
      body(
        api.DELETE("/api/telesecretariat/v1/known-numbers/{known_id}", {
          params: { path: { known_id: row.id } },
          headers: act(key),
        }),
      ),
    async () => {
      toast(words.removed);
      go("/setup/known-numbers");
      await client.invalidateQueries({ queryKey: KNOWN });
    },
  );
  return (
    <div>
      <Button kind="danger" onClick={() => ask(true)}>
        {words.removeNumber}
      </Button>
      {asked ? (
        <Dialog
          title={words.removeNumber}
          onClose={() => ask(false)}
          foot={
            <Button kind="danger" busy={remove.pending} onClick={() => void remove.run(null)}>
              {words.removeNumber}
            </Button>
          }
        >
          <p className="mono">{row.number}</p>
          <p>{words.removeNumberText}</p>
          <RefusalStrip refusal={remove.refusal} />
        </Dialog>
      ) : null}
    </div>
  );
}
