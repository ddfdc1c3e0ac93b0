/**
 * The border between instants and the clock on the wall in Paris. The grid only knows times without a zone
 * (`2027-03-28T09:40:00`), so that a machine set to another zone draws, drags and books the same.
 */
import { instantAt, wallClock } from "../../words/time";

/** `2026-11-23T09:20:00`, as the clock of Paris shows an instant. */
export function wallOf(instant: string | Date): string {
  return `${wallClock(instant).slice(0, 16)}:00`;
}

/** The instant that a clock in Paris shows so. A time that the spring change skips is the one an hour later. */
export function instantOf(wall: string): string {
  return instantAt(wall.slice(0, 10), wall.slice(11, 16));
}

/** A wall time so many minutes later. */
export function later(wall: string, minutes: number): string {
  return new Date(Date.parse(`${wall}Z`) + minutes * 60_000).toISOString().slice(0, 19);
}

/** Minutes since midnight. */
export function minuteOf(wall: string): number {
  return Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
}

/** `09:20` of minutes since midnight. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** How long between two instants, in minutes. */
export function minutesBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
}
