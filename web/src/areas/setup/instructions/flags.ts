import type { Schema } from "../../../api/client";

export type FlagSet = Schema<"telesecretariat.RedFlagSetOut">;
export type Sign = Schema<"telesecretariat.RedFlagItem-Input">;

export const RED_FLAGS = ["telesecretariat", "red-flag-sets"] as const;

/** The signs as they are sent: without lines that were left empty while typing. */
export function signsOf(value: unknown): Sign[] {
  return ((value ?? []) as Sign[]).map(({ code, label, questions }) => ({
    code: code.trim(),
    label: label.trim(),
    questions: (questions ?? []).map((each) => each.trim()).filter(Boolean),
  }));
}

export interface Changes {
  readonly added: readonly Sign[];
  readonly removed: readonly Sign[];
  /** The same sign, in other words or with other questions. */
  readonly reworded: readonly Sign[];
}

/** What a list of signs changes against the one that is in force: by code, for a sign keeps its code. */
export function changesOf(before: readonly Sign[], after: readonly Sign[]): Changes {
  const known = new Map(before.map((each) => [each.code, each]));
  const kept = new Set(after.map((each) => each.code));
  const said = (sign: Sign) => JSON.stringify([sign.label, sign.questions ?? []]);
  return {
    added: after.filter((each) => !known.has(each.code)),
    removed: before.filter((each) => !kept.has(each.code)),
    reworded: after.filter((each) => {
      const was = known.get(each.code);
      return was !== undefined && said(was) !== said(each);
    }),
  };
}
