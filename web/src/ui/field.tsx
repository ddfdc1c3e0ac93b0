import { type ComponentProps, type ReactNode, useId } from "react";
import type { Refusal } from "../api/refusal";
import { useWords } from "../words/language";
import { uiWords } from "./words";

interface Common {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong with it, as the server or the form says. */
  readonly fault?: string | undefined;
}

/** The sentence of a refusal for one field, by its pointer: `/birth_date`, `/contact/phone`, `?q`. */
export function faultAt(refusal: Refusal | null, pointer: string): string | undefined {
  return refusal?.errors.find((each) => each.pointer === pointer)?.detail;
}

/** Whether what a refusal says is shown at one of these fields, so that no strip need repeat it. */
export function faultsShown(refusal: Refusal | null, pointers: readonly string[]): boolean {
  return !!refusal?.errors.length && refusal.errors.every((each) => pointers.includes(each.pointer));
}

function useParts({ hint, fault }: Pick<Common, "hint" | "fault">) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return { id, described: described || undefined };
}

function Frame({
  id,
  label,
  hint,
  fault,
  required,
  children,
}: Common & { id: string; required?: boolean | undefined; children: ReactNode }) {
  const words = useWords(uiWords);
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {required ? <span className="muted small"> ({words.required})</span> : null}
      </label>
      {hint ? (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      ) : null}
      {children}
      {fault ? (
        <span id={`${id}-fault`} className="fault">
          {fault}
        </span>
      ) : null}
    </div>
  );
}

/** One line of text with its label, its hint and what is wrong with it. Uncontrolled unless `value` is given. */
export function TextField({ label, hint, fault, ...input }: Common & ComponentProps<"input">) {
  const { id, described } = useParts({ hint, fault });
  return (
    <Frame id={input.id ?? id} label={label} hint={hint} fault={fault} required={input.required}>
      <input id={id} aria-describedby={described} aria-invalid={fault ? true : undefined} {...input} />
    </Frame>
  );
}

/** Several lines of text. */
export function TextArea({ label, hint, fault, ...input }: Common & ComponentProps<"textarea">) {
  const { id, described } = useParts({ hint, fault });
  return (
    <Frame id={input.id ?? id} label={label} hint={hint} fault={fault} required={input.required}>
      <textarea id={id} aria-describedby={described} aria-invalid={fault ? true : undefined} {...input} />
    </Frame>
  );
}

/** One of a short list: the browser's own select. */
export function SelectField({ label, hint, fault, children, ...input }: Common & ComponentProps<"select">) {
  const { id, described } = useParts({ hint, fault });
  return (
    <Frame id={input.id ?? id} label={label} hint={hint} fault={fault} required={input.required}>
      <select id={id} aria-describedby={described} aria-invalid={fault ? true : undefined} {...input}>
        {children}
      </select>
    </Frame>
  );
}

/** Yes or no. */
export function Check({
  label,
  ...input
}: { readonly label: ReactNode } & Omit<ComponentProps<"input">, "type">) {
  const id = useId();
  return (
    <div className="check">
      <input id={id} type="checkbox" {...input} />
      <label htmlFor={input.id ?? id}>{label}</label>
    </div>
  );
}
