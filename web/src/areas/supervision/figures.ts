/** « 87 % » of a share. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`;
}

/** « 12,50 € » of a number of cents. */
export function euros(cents: number, language: "fr" | "en"): string {
  return new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", {
    style: "currency",
    currency: "EUR",
  }).format(cents / 100);
}

/** A number with at most so many decimals. */
export function decimal(value: number, language: "fr" | "en", digits = 1): string {
  return new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", {
    maximumFractionDigits: digits,
  }).format(value);
}
