/** What a person types to find a patient, read as French people write it: a name, a birth date, a phone number, in any order. */

export interface Criteria {
  readonly q?: string;
  readonly birth_date?: string;
  readonly phone?: string;
}

const MONTHS = [
  "janvier",
  "fevrier",
  "mars",
  "avril",
  "mai",
  "juin",
  "juillet",
  "aout",
  "septembre",
  "octobre",
  "novembre",
  "decembre",
];
const NUMERIC = /(?<![\d+])(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})(?!\d)/;
const WORDED = /(?<!\d)(\d{1,2})(?:er)?\s+([a-z]{3,9})\.?\s+(\d{4})(?!\d)/;
const PACKED = /(?<![\d+])(\d{2})(\d{2})(\d{4})(?!\d)/;
const ISO = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/;
const PHONE = /(?:\+|00)\d[\d\s.\-()]{7,17}\d|(?<!\d)0[1-9](?:[\s.-]?\d{2}){4}(?!\d)/;

/** A day that exists, `1968-02-17`, or null. */
export function isoDay(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return null;
  return date.toISOString().slice(0, 10);
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function fullYear(text: string, thisYear: number): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year + (2000 + year > thisYear ? 1900 : 2000);
}

interface Found {
  readonly day: string;
  readonly text: string;
}

function foundDay(text: string, thisYear: number): Found | null {
  const seen = plain(text);
  const iso = ISO.exec(seen);
  if (iso) return found(iso[0], isoDay(Number(iso[1]), Number(iso[2]), Number(iso[3])));
  const worded = WORDED.exec(seen);
  const month = worded ? MONTHS.findIndex((name) => name.startsWith(worded[2] ?? "?")) + 1 : 0;
  if (worded && month > 0) return found(worded[0], isoDay(Number(worded[3]), month, Number(worded[1])));
  const parts = NUMERIC.exec(seen) ?? PACKED.exec(seen);
  if (!parts) return null;
  const [whole, day = "", number = "", year = ""] = parts;
  return found(whole, isoDay(fullYear(year, thisYear), Number(number), Number(day)));
}

function found(text: string, day: string | null): Found | null {
  return day === null ? null : { day, text };
}

/** A birth date as typed: `17/02/1968`, `17021968`, `17 02 68`, « 17 février 1968 »; null when it is none. */
export function readBirthDate(text: string, thisYear = new Date().getFullYear()): string | null {
  const read = foundDay(text, thisYear);
  return read && read.text.trim().length === plain(text).trim().length ? read.day : null;
}

/** Sorts what was typed into name, birth date and phone. A number of ten figures is a phone, of eight a date. */
export function readCriteria(text: string, thisYear = new Date().getFullYear()): Criteria {
  let rest = text.normalize("NFC");
  const criteria: { q?: string; birth_date?: string; phone?: string } = {};
  const phone = PHONE.exec(rest);
  if (phone) {
    criteria.phone = phone[0].trim();
    rest = rest.replace(phone[0], " ");
  }
  const date = foundDay(rest, thisYear);
  if (date) {
    criteria.birth_date = date.day;
    const at = plain(rest).indexOf(date.text);
    rest = `${rest.slice(0, at)} ${rest.slice(at + date.text.length)}`;
  }
  const q = rest.replace(/\s+/g, " ").trim();
  if (/\p{L}{2}/u.test(q)) criteria.q = q;
  return criteria;
}

/** Whether there is enough to search. */
export function enough(criteria: Criteria): boolean {
  return Object.keys(criteria).length > 0;
}
