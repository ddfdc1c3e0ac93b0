export const HOUR = 3600;
export const OPENS = 8;
/** Shares of a day's calls from 8 h to 19 h, in percent (parameter: those of the territory's telephone survey). */
const PROFILE = [9, 13, 11.5, 10, 5.5, 5.5, 9.5, 8.5, 8.5, 8, 7, 4];

/** A day's calls over its twelve hours. */
export function spread(calls: number): number[] {
  return PROFILE.map((share) => Math.round(calls * share) / 100);
}
