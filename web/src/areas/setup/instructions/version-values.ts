import type { Schema } from "../../../api/client";
import type { Values } from "../../../records/values";
import { dayOf, instantAt } from "../../../words/time";
import type { Version } from "./shared";

type VersionIn = Schema<"telesecretariat.VersionIn">;

export const blank: Values = { text: null, allowed: null, forbidden: [], urgent_contacts: null };

/** A version as the form asks for it: whole days, codes line by line. */
export function valuesOf(version: Version): Values {
  return {
    text: version.text,
    allowed: version.allowed,
    forbidden: version.forbidden,
    urgent_contacts: version.urgent_contacts,
    absence: version.absence,
    valid_from: dayOf(version.valid_from),
    valid_to: version.valid_to && dayOf(version.valid_to),
    began: version.valid_from,
  };
}

/** What is sent. A day that was not touched keeps its instant; nothing said leaves the word to the wider level. */
export function given(values: Values): VersionIn {
  const from = values.valid_from as string | null | undefined;
  const to = values.valid_to as string | null | undefined;
  const began = values.began as string | undefined;
  const codes = (name: string) =>
    ((values[name] ?? []) as string[]).map((each) => each.trim()).filter(Boolean);
  const absence = values.absence as VersionIn["absence"];
  return {
    text: (values.text as string | null) || null,
    allowed: codes("allowed").length > 0 ? codes("allowed") : null,
    forbidden: codes("forbidden"),
    urgent_contacts: (values.urgent_contacts ?? null) as NonNullable<VersionIn["urgent_contacts"]> | null,
    absence: absence?.text || absence?.backup_practitioner_id ? absence : null,
    valid_from: !from ? null : began && dayOf(began) === from ? began : instantAt(from, "00:00"),
    valid_to: to ? instantAt(to, "00:00") : null,
  };
}
