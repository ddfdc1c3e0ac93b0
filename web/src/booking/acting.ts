import type { Refusal, Schema } from "../api/client";

export type Appointment = Schema<"appointments.AppointmentOut">;
/** An appointment after an act, and the channels on which the patient is told of it. */
export type Changed = Schema<"appointments.ChangedOut">;

/** How the version of a record is written in `If-Match`. */
export const tagOf = (record: { readonly version: number }) => `"${record.version}"`;

/** Whether the act was decided against a newer version than the one that was read. */
export const isStale = (refusal: Refusal | null) => refusal?.status === 412;
