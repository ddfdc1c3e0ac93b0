import { keepPreviousData } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";

export type Agenda = Schema<"appointments.AgendaOut">;
export type Visit = Schema<"appointments.VisitOut">;
export type Opening = Schema<"appointments.OpeningOut">;
export type Held = Schema<"appointments.HeldOut">;
export type Practitioner = Schema<"appointments.PractitionerOut">;

const CHANGES = [
  "appointments.appointment_*",
  "appointments.availability_changed",
  "appointments.absence_changed",
] as const;

export interface Asked {
  readonly day: string;
  readonly days?: number;
  readonly site?: string | undefined;
  readonly practitioner?: string | undefined;
}

/** Some days as one reading: openings, visits, holds. */
export function readAgenda(
  { day, days = 1, site, practitioner }: Asked,
  signal?: AbortSignal,
): Promise<Agenda> {
  const query = { day, days, ...(site ? { site } : {}), ...(practitioner ? { practitioner } : {}) };
  return body(api.GET("/api/appointments/v1/agenda", { params: { query }, ...(signal ? { signal } : {}) }));
}

/** Only the days and columns that are shown; read again when something in an agenda has changed. */
export function useAgenda(asked: Asked) {
  return useLiveQuery<Agenda>({
    queryKey: ["appointments", "agenda", asked],
    queryFn: ({ signal }) => readAgenda(asked, signal),
    topics: CHANGES,
    atMostEvery: 1_000,
    placeholderData: keepPreviousData,
  });
}
