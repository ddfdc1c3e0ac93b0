/** « 06 39 98 01 23 » of `+33639980123`; any other number as it came. */
export function spoken(number: string): string {
  const french = /^\+33(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(number);
  if (!french) return number;
  return `0${french[1]}\u00a0${french.slice(2).join("\u00a0")}`;
}
