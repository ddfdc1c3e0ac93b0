import type { Refusal } from "../api/refusal";
import { Check, faultAt, SelectField, TextArea, TextField } from "../ui/field";
import { useWords } from "../words/language";
import { type Field, type Group, say, type Values, valueAt, withValue } from "./values";
import { recordWords } from "./words";

interface Props {
  readonly groups: readonly Group[];
  readonly values: Values;
  readonly onChange: (change: (before: Values) => Values) => void;
  readonly refusal: Refusal | null;
  /** The record exists already: what is fixed is only shown. */
  readonly made: boolean;
}

/** The questions of a form, group by group. */
export function Fields({ groups, values, onChange, refusal, made }: Props) {
  return groups.map((group) => {
    const shown = group.fields.filter((field) => field.when?.(values) ?? true);
    if (shown.length === 0) return null;
    const inside = (
      <div className="records-fields">
        {shown.map((field) => (
          <One
            key={field.name}
            field={field}
            value={valueAt(values, field.name)}
            change={(value) => onChange((before) => withValue(before, field.name, value))}
            refusal={refusal}
            made={made}
          />
        ))}
      </div>
    );
    if (group.folded && !shown.some((field) => faultAt(refusal, pointerOf(field.name))))
      return (
        <details key={group.legend} className="records-group">
          <summary>{group.legend}</summary>
          {inside}
        </details>
      );
    return (
      <fieldset key={group.legend} className="records-group">
        <legend>{group.legend}</legend>
        {inside}
      </fieldset>
    );
  });
}

export const pointerOf = (name: string) => `/${name.replaceAll(".", "/")}`;

/** What is wrong with one of the lines of an answer. */
const below = (name: string, refusal: Refusal | null) =>
  refusal?.errors.find((each) => each.pointer.startsWith(`${pointerOf(name)}/`))?.detail;

interface OneProps {
  readonly field: Field;
  readonly value: unknown;
  readonly change: (value: unknown) => void;
  readonly refusal: Refusal | null;
  readonly made: boolean;
}

function One({ field, value, change, refusal, made }: OneProps) {
  const words = useWords(recordWords);
  const common = {
    label: field.label,
    ...(field.hint ? { hint: field.hint } : {}),
    fault:
      faultAt(refusal, pointerOf(field.name)) ??
      (field.kind === "lines" ? below(field.name, refusal) : undefined),
    ...(field.required ? { required: true } : {}),
  };
  if (field.fixed && made)
    return (
      <div className="field">
        <span className="label">{field.label}</span>
        <span>{say(field, value, words)}</span>
      </div>
    );
  switch (field.kind) {
    case "own":
      return <div className="records-wide">{field.edit({ value, change, refusal })}</div>;
    case "yes":
      return (
        <div className="records-wide">
          <Check
            label={field.label}
            checked={Boolean(value)}
            onChange={(event) => change(event.target.checked)}
          />
          {field.hint ? <span className="small muted">{field.hint}</span> : null}
        </div>
      );
    case "set":
      return <SetOf field={field} value={value} change={change} fault={common.fault} />;
    case "choice":
      return (
        <SelectField
          {...common}
          value={String(value ?? "")}
          onChange={(event) => change(event.target.value === "" ? null : event.target.value)}
        >
          {field.none === undefined && value ? null : <option value="">{field.none ?? words.choose}</option>}
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </SelectField>
      );
    case "number":
      return (
        <TextField
          {...common}
          type="number"
          inputMode="numeric"
          min={field.min}
          max={field.max}
          step={field.step}
          value={value === null || value === undefined ? "" : String(value)}
          onChange={(event) => change(event.target.value === "" ? null : Number(event.target.value))}
        />
      );
    case "lines":
      return (
        <TextArea
          {...common}
          value={Array.isArray(value) ? value.join("\n") : ""}
          onChange={(event) => change(event.target.value === "" ? [] : event.target.value.split("\n"))}
        />
      );
    case "area":
      return (
        <div className="records-wide">
          <TextArea {...common} {...textOf(field, value, change)} />
        </div>
      );
    default:
      return <TextField {...common} type={field.kind} {...textOf(field, value, change)} />;
  }
}

function textOf(field: Field, value: unknown, change: (value: unknown) => void) {
  const kept = "never" in field && field.never === "null";
  return {
    value: String(value ?? ""),
    ...("max" in field && field.max ? { maxLength: field.max } : {}),
    onChange: (event: { target: { value: string } }) =>
      change(event.target.value === "" && !kept && !field.required ? null : event.target.value),
  };
}

interface SetProps {
  readonly field: Field & { readonly kind: "set" };
  readonly value: unknown;
  readonly change: (value: unknown) => void;
  readonly fault: string | undefined;
}

/** Several of a list, in the order of the list. */
function SetOf({ field, value, change, fault }: SetProps) {
  const chosen = Array.isArray(value) ? value : [];
  return (
    <fieldset className="field records-wide">
      <legend>{field.label}</legend>
      {field.hint ? <span className="hint">{field.hint}</span> : null}
      <div className="records-set">
        {field.options.map((option) => (
          <Check
            key={option.value}
            label={option.label}
            checked={chosen.includes(option.value)}
            onChange={(event) =>
              change(
                field.options
                  .map((each) => each.value)
                  .filter((each) => (each === option.value ? event.target.checked : chosen.includes(each))),
              )
            }
          />
        ))}
      </div>
      {fault ? <span className="fault">{fault}</span> : null}
    </fieldset>
  );
}
