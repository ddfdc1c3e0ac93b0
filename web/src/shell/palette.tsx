import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { useSession } from "../api/session";
import type { Area } from "../areas";
import { Combobox } from "../ui/combobox";
import { Dialog } from "../ui/dialog";
import { useShortcuts } from "../ui/shortcuts";
import { Strip } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { age, dateOnly } from "../words/time";
import { keyText } from "./keys";
import { fits, useFound } from "./palette-sources";
import { paletteWords } from "./palette-words";
import { shellWords } from "./words";

interface Item {
  readonly key: string;
  readonly kind: string;
  readonly text: string;
  readonly more?: ReactNode;
  readonly go: () => void;
}

/** Ctrl+K: screens, commands, patients, practitioners, places, sets, by the keyboard alone. Esc closes it. */
export default function Palette({
  areas,
  onClose,
}: {
  readonly areas: readonly Area[];
  readonly onClose: () => void;
}) {
  const words = useWords(paletteWords);
  const { may } = useSession();
  const [typed, setTyped] = useState("");
  const found = useFound(typed);
  const items = useItems(areas, typed, found, onClose);
  return (
    <Dialog title={words.title} onClose={onClose}>
      <div className="palette">
        <Combobox
          label={words.label}
          hint={words.hint}
          text={typed}
          onText={setTyped}
          items={items}
          keyOf={(item) => item.key}
          onChoose={(item) => item.go()}
          searching={found.searching}
          autoFocus
          inline
          show={(item) => (
            <span className="palette-item">
              <span>
                {item.text} {item.more ? <span className="muted">{item.more}</span> : null}
              </span>
              <span className="small muted">{item.kind}</span>
            </span>
          )}
        />
        {found.failed.length ? (
          <Strip state="warn" role="status">
            {words.failed(found.failed.map((name) => words[name]).join(", "))}
          </Strip>
        ) : null}
        {may("appointments:patient.read") ? <p className="small muted">{words.minutes}</p> : null}
      </div>
    </Dialog>
  );
}

function useItems(
  areas: readonly Area[],
  typed: string,
  found: ReturnType<typeof useFound>,
  onClose: () => void,
): readonly Item[] {
  const words = useWords(paletteWords);
  const shell = useWords(shellWords);
  const { session } = useSession();
  const { language } = useLanguage();
  const { all, act, keysOf } = useShortcuts();
  const [, go] = useLocation();
  const open = (path: string) => () => {
    onClose();
    go(path);
  };
  const screens = areas
    .filter((area) => !area.path.startsWith("_"))
    .map((area) => ({
      key: `screen-${area.path.replace("/", "-")}`,
      kind: words.screen,
      text: area.name(shell, session.context?.role),
      go: open(`/${area.path}`),
    }));
  const named = new Map(all.map((shortcut) => [shortcut.id, shortcut]));
  named.delete("shell.palette");
  const commands = [...named.values()].map((shortcut) => ({
    key: `command-${shortcut.id.replace(/\W/g, "-")}`,
    kind: words.command,
    text: shortcut.label,
    more: <kbd className="key">{keyText(keysOf(shortcut))}</kbd>,
    go: () => {
      onClose();
      // After the dialog has gone: the command may open its own, or move the focus.
      setTimeout(() => act(shortcut));
    },
  }));
  const opens = (path: string) => areas.some((area) => area.path === path);
  return [
    ...screens.filter((item) => fits(item.text, typed)),
    ...found.patients.map((each) => ({
      key: each.id,
      kind: words.patient,
      text: each.display_name,
      more: words.born(dateOnly(each.birth_date, language), age(each.birth_date)),
      go: open(`/patients/${each.id}`),
    })),
    ...found.practitioners.map((each) => ({
      key: each.id,
      kind: words.practitioner,
      text: each.display_name,
      go: open(opens("agenda") ? `/agenda?practitioner=${each.id}` : "/"),
    })),
    ...found.sites.map((each) => ({
      key: each.id,
      kind: words.site,
      text: each.name,
      more: each.city,
      go: open(opens("agenda") ? `/agenda?site=${each.id}` : "/"),
    })),
    ...found.sets.map((each) => ({
      key: each.id,
      kind: words.set,
      text: each.name,
      more: <span className="mono">{each.tag}</span>,
      go: open(`/sets/${each.id}`),
    })),
    ...commands.filter((item) => fits(item.text, typed)),
  ];
}
