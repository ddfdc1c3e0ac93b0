export { Alerts, PatientCard } from "./card";
export { readBirthDate, readCriteria } from "./criteria";
export { type Draft, draftOf } from "./draft";
export { PatientForm } from "./form";
export { IdentityBadge, PersonLine } from "./person";
export { phoneText } from "./phone";
export {
  type Appointment,
  type Patient,
  type PatientItem,
  patientKey,
  usePatient,
  usePatientAppointments,
} from "./queries";
export { PatientSearch } from "./search";
