import { keepPreviousData, type QueryClient, useQuery } from "@tanstack/react-query";
import { api, body, type Schema, type Tagged, withTag } from "../api/client";
import { useLiveQuery } from "../live/live";
import { type Criteria, enough } from "./criteria";

export type Patient = Schema<"appointments.PatientOut">;
export type PatientItem = Schema<"appointments.PatientItem">;
export type Appointment = Schema<"appointments.AppointmentOut">;

const PATIENT = "/api/appointments/v1/patients/{patient_id}";
export const patientKey = (id: string) => ["appointments", "patients", id] as const;

/** One file and the tag of its version. Each reading is in the audit: it is asked once and kept while it is shown. */
export function usePatient(id: string) {
  return useLiveQuery<Tagged<Patient>>({
    queryKey: patientKey(id),
    queryFn: ({ signal }) => withTag(api.GET(PATIENT, { params: { path: { patient_id: id } }, signal })),
    topics: ["appointments.patient_*"],
    about: id,
  });
}

/** Puts what was just saved where it is shown. */
export function keepPatient(client: QueryClient, saved: Tagged<Patient>): void {
  client.setQueryData(patientKey(saved.value.id), saved);
}

/** People who fit what was typed; nothing is asked before there is enough. */
export function usePatientSearch(criteria: Criteria) {
  return useQuery({
    queryKey: ["appointments", "patients", "search", criteria],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/appointments/v1/patients", { params: { query: { ...criteria, limit: 20 } }, signal }),
        )
      ).items,
    enabled: enough(criteria),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    gcTime: 60_000,
  });
}

/** How many pages of a hundred are read: the coming ones stand on the last. */
const PAGES = 10;

/** All of a patient's appointments, by start. */
export function usePatientAppointments(patientId: string) {
  return useLiveQuery<readonly Appointment[]>({
    queryKey: ["appointments", "appointments", "of", patientId],
    queryFn: async ({ signal }) => {
      const all: Appointment[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < PAGES; page += 1) {
        const query = { patient: patientId, limit: 100, ...(cursor ? { cursor } : {}) };
        const read: Schema<"appointments.Page_AppointmentOut_"> = await body(
          api.GET("/api/appointments/v1/appointments", { params: { query }, signal }),
        );
        all.push(...read.items);
        cursor = read.next_cursor ?? null;
        if (cursor === null) break;
      }
      return all;
    },
    topics: ["appointments.appointment_*", "appointments.patient_*"],
    about: patientId,
  });
}
