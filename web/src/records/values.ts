import type { ReactNode } from "react";
import type { Refusal } from "../api/refusal";

/** What a form holds: the members of the body that is sent. */
export type Values = Readonly<Record<string, unknown>>;

export interface Option {
  readonly value: string;
  readonly label: string;
}

interface Common {
  /** Member of the body; `a.b` for one inside another. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  /** Set when it is made, and never again. */
  readonly fixed?: boolean;
  /** Only where other answers ask for it. */
  readonly when?: (values: Values) => boolean;
}

export interface Edited {
  readonly value: unknown;
  readonly change: (value: unknown) => void;
  readonly refusal: Refusal | null;
}

/** One answer of a form, and how it is given. */
export type Field =
  | (Common & {
      readonly kind: "text" | "area" | "date" | "time" | "tel" | "email";
      readonly max?: number;
      /** An empty answer is sent as an empty text, not as none. */
      readonly never?: "null";
    })
  | (Common & {
      readonly kind: "number";
      readonly min?: number;
      readonly max?: number;
      readonly step?: number;
    })
  | (Common & {
      readonly kind: "choice";
      readonly options: readonly Option[];
      /** The words of no choice; without them there is always one. */
      readonly none?: string;
    })
  | (Common & { readonly kind: "set"; readonly options: readonly Option[] })
  | (Common & { readonly kind: "yes" })
  /** Lines of text, one answer each. */
  | (Common & { readonly kind: "lines" })
  | (Common & {
      readonly kind: "own";
      readonly edit: (edited: Edited) => ReactNode;
      readonly say: (value: unknown) => string;
    });

export interface Group {
  readonly legend: string;
  readonly fields: readonly Field[];
  /** Folded until it is asked for: what is rarely changed. */
  readonly folded?: boolean;
}

export interface Says {
  readonly yes: string;
  readonly no: string;
  readonly nothing: string;
}

/** A member by its name, `a.b` for one inside another. */
export function valueAt(values: Values, name: string): unknown {
  return name.split(".").reduce<unknown>((found, part) => (found as Values | undefined)?.[part], values);
}

/** The values with one member changed. */
export function withValue(values: Values, name: string, value: unknown): Values {
  const [first = "", ...rest] = name.split(".");
  if (rest.length === 0) return { ...values, [first]: value };
  return { ...values, [first]: withValue((values[first] ?? {}) as Values, rest.join("."), value) };
}

/** Whether two answers are the same to who reads them. */
export function sameValue(one: unknown, other: unknown): boolean {
  return plain(one) === plain(other);
}

function plain(value: unknown): string {
  if (value === undefined || value === null || value === "") return "null";
  if (Array.isArray(value)) return `[${value.map(plain).join()}]`;
  if (typeof value === "object") {
    const members = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
    return `{${members
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => `${name}:${plain(each)}`)
      .join()}}`;
  }
  return JSON.stringify(value);
}

/** The fields whose answers differ between two states of a record. */
export function differing(groups: readonly Group[], one: Values, other: Values): readonly Field[] {
  return groups
    .flatMap((group) => group.fields)
    .filter((field) => !sameValue(valueAt(one, field.name), valueAt(other, field.name)));
}

/** Three states of a record: where only the other changed an answer, his is taken; where I did, mine. */
export function merged(
  groups: readonly Group[],
  before: Values,
  mine: Values,
  theirs: Values,
  preferTheirs: ReadonlySet<string>,
): Values {
  let result = theirs;
  for (const { name } of groups.flatMap((group) => group.fields)) {
    const touched = !sameValue(valueAt(before, name), valueAt(mine, name));
    if (touched && !preferTheirs.has(name)) result = withValue(result, name, valueAt(mine, name));
  }
  return result;
}

/** An answer in words. */
export function say(field: Field, value: unknown, words: Says): string {
  if (field.kind === "own") return field.say(value);
  if (field.kind === "yes") return value ? words.yes : words.no;
  if (value === null || value === undefined || value === "") return words.nothing;
  if (field.kind === "choice" || field.kind === "set") {
    const named = (each: unknown) =>
      field.options.find((option) => option.value === each)?.label ?? String(each);
    return Array.isArray(value) ? value.map(named).join(", ") || words.nothing : named(value);
  }
  if (Array.isArray(value)) return value.join(" · ") || words.nothing;
  return String(value);
}

/** The members that a body may have; a record that was read carries more. */
export function only(values: Values, names: string): Values {
  return Object.fromEntries(
    names.split(" ").flatMap((name) => (name in values ? [[name, values[name]]] : [])),
  );
}

/** Options in the order of a dictionary. */
export function optionsOf(named: Readonly<Record<string, string>>) {
  return Object.entries(named).map(([value, label]) => ({ value, label }));
}

/** Lists of lines without what was left empty while typing. */
export function trimmed(values: Values, names: readonly string[]): Values {
  const lists = names
    .filter((name) => Array.isArray(values[name]))
    .map((name) => [name, (values[name] as string[]).map((each) => each.trim()).filter(Boolean)]);
  return { ...values, ...Object.fromEntries(lists) };
}
