import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useWords } from "../words/language";
import { uiWords } from "./words";

interface Props<Item> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** What fits the text now; the caller searches. */
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly show: (item: Item) => ReactNode;
  readonly onChoose: (item: Item) => void;
  readonly searching?: boolean;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  /** The list is part of the page and not a layer: the palette. */
  readonly inline?: boolean;
}

/** Search and choose (ARIA combobox with a listbox): arrows, Enter, Esc; how many fit is read out. */
export function Combobox<Item>(props: Props<Item>) {
  const { items, keyOf, show, onChoose, text, onText, searching = false } = props;
  const words = useWords(uiWords);
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const current = Math.min(at, Math.max(0, items.length - 1));
  const shown = (open || props.inline === true) && text.trim().length > 0;

  const choose = (item: Item | undefined) => {
    if (item === undefined) return;
    setOpen(false);
    onChoose(item);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((current + step + Math.max(1, items.length)) % Math.max(1, items.length));
    } else if (event.key === "Enter" && shown && items.length > 0) {
      event.preventDefault();
      choose(items[current]);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      event.preventDefault();
      setOpen(false);
    }
  };
  const active = items[current];
  return (
    <div className="field combobox">
      <label htmlFor={id}>{props.label}</label>
      {props.hint ? (
        <span id={`${id}-hint`} className="hint">
          {props.hint}
        </span>
      ) : null}
      <input
        id={id}
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        placeholder={props.placeholder}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && active ? `${id}-${keyOf(active)}` : undefined}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        aria-invalid={props.fault ? true : undefined}
        // biome-ignore lint/a11y/noAutofocus: only where a person has just asked for this very field
        autoFocus={props.autoFocus}
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          setOpen(true);
          setAt(0);
        }}
        onKeyDown={press}
        onBlur={() => setOpen(false)}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={typeof props.label === "string" ? props.label : words.results(items.length)}
        hidden={!shown || items.length === 0}
      >
        {items.map((item, index) => (
          <div
            key={keyOf(item)}
            id={`${id}-${keyOf(item)}`}
            role="option"
            aria-selected={index === current}
            tabIndex={-1}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(item);
            }}
            onPointerMove={() => setAt(index)}
          >
            {show(item)}
          </div>
        ))}
      </div>
      <span className="small muted" role="status">
        {shown && !searching ? (
          items.length === 0 ? (
            words.noResult
          ) : (
            <span className="visually-hidden">{words.results(items.length)}</span>
          )
        ) : (
          ""
        )}
      </span>
      {props.fault ? <span className="fault">{props.fault}</span> : null}
    </div>
  );
}
