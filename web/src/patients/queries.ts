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

/** A patient's appointments from one day on, by start; without a day, all of them. */
export function usePatientAppointments(patientId: string) {
  return useLiveQuery<readonly Appointment[]>({
    queryKey: ["appointments", "appointments", "of", patientId],
    queryFn: async ({ signal }) => {
      const found = await body(
        api.GET("/api/appointments/v1/appointments", {
          params: { query: { patient: patientId, limit: 100 } },
          signal,
        }),
      );
      return found.items;
    },
    topics: ["appointments.appointment_*", "appointments.patient_*"],
    about: patientId,
  });
}
