import type { Language } from "../../words/language";

export type CellValue = string | number | null;

/**
 * A table as a file that the spreadsheets of each language open by a double click: in French `;` and a decimal comma,
 * in English `,` and a point. A text that begins like a formula is disarmed.
 */
export function csvOf(
  head: readonly string[],
  rows: readonly (readonly CellValue[])[],
  language: Language,
): string {
  const comma = language === "fr" ? ";" : ",";
  const cell = (value: CellValue): string => {
    if (value === null) return "";
    if (typeof value === "number") return language === "fr" ? String(value).replace(".", ",") : String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /["\n\r;,]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(comma)).join("\r\n")}\r\n`;
}

/** Hands a text to the browser as a file. */
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
