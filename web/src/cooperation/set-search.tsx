import { useState } from "react";
import { useCommand } from "../api/command";
import { Combobox } from "../ui/combobox";
import { useSentence } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { StageBadge } from "./badges";
import { type SetRow, serialOf, setOfCode, useNames, useSets } from "./names";
import { cooperationWords } from "./words";

const SHOWN = 12;

/** Letters without accents, for comparing. */
export const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Sets whose name, tag or owner hold every word typed; at most a dozen. */
export function matching(rows: readonly SetRow[], text: string, owner: (id: string) => string): SetRow[] {
  const wanted = plain(text).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  return rows
    .filter((row) => {
      const said = plain(`${row.name} ${serialOf(row.tag)} ${owner(row.organisation_id)}`);
      return wanted.every((word) => said.includes(word));
    })
    .slice(0, SHOWN);
}

/** Find a set by its name or tag, or by a code that a scanner types and ends with Enter. */
export function SetSearch({
  onChoose,
  label,
}: {
  readonly onChoose: (setId: string) => void;
  readonly label?: string;
}) {
  const words = useWords(cooperationWords);
  const { language } = useLanguage();
  const sentence = useSentence();
  const names = useNames();
  const { data: rows = [] } = useSets();
  const [text, setText] = useState("");
  const [unknown, setUnknown] = useState(false);
  const items = matching(rows, text, names.member);
  const choose = (id: string) => {
    setText("");
    onChoose(id);
  };
  const read = useCommand(setOfCode, (id) => (id ? choose(id) : setUnknown(true)));
  const fault = read.refusal ? sentence(read.refusal) : unknown ? words.unknownSet : undefined;
  return (
    <form
      lang={language}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() && items.length === 0) void read.run(text);
      }}
    >
      <Combobox
        label={label ?? words.search}
        hint={words.searchHint}
        fault={fault}
        text={text}
        onText={(typed) => {
          setText(typed);
          setUnknown(false);
          read.renew();
        }}
        items={items}
        searching={items.length === 0}
        keyOf={(row) => row.id}
        show={(row) => (
          <span className="row">
            <strong>{row.name}</strong>
            <span className="mono small">{serialOf(row.tag)}</span>
            <span className="muted small">{names.member(row.organisation_id)}</span>
            <StageBadge stage={row.stage} />
          </span>
        )}
        onChoose={(row) => choose(row.id)}
      />
    </form>
  );
}
