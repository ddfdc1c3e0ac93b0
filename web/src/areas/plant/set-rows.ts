import { api, body, type Schema } from "../../api/client";
import { everyPage, pageOf, useList } from "../../records/read";

export type InstrumentSet = Schema<"cooperation.SetOut">;
export type Instrument = Schema<"cooperation.InstrumentOut">;
export type Status = Instrument["status"];

export const SETS = ["cooperation", "sets", "all"] as const;
export const INSTRUMENTS = ["cooperation", "instruments"] as const;

/** Every set, those in use first. */
export async function readSets(): Promise<InstrumentSet[]> {
  const rows = await everyPage<InstrumentSet>((cursor) =>
    body(api.GET("/api/cooperation/v1/sets", { params: { query: { ...pageOf(cursor), limit: 500 } } })),
  );
  return rows.toSorted(
    (one, other) =>
      Number(one.status === "retired") - Number(other.status === "retired") ||
      one.name.localeCompare(other.name, undefined, { numeric: true }),
  );
}

export interface Wanted {
  readonly set_id?: string;
  readonly status?: Status;
  readonly model_id?: string;
}

export function useInstruments(wanted: Wanted, enabled = true) {
  return useList(
    [...INSTRUMENTS, wanted],
    () =>
      everyPage<Instrument>((cursor) =>
        body(
          api.GET("/api/cooperation/v1/instruments", { params: { query: { ...pageOf(cursor), ...wanted } } }),
        ),
      ),
    [],
    enabled,
  );
}

/** A mark as it is engraved: the end of its canonical name. */
export function shortCode(code: string): string {
  const at = code.lastIndexOf("/");
  return at < 0 ? code : code.slice(at + 1);
}
