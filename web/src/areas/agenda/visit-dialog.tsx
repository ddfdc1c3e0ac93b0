import { Link } from "wouter";
import { AppointmentActs, AppointmentLine } from "../../booking";
import { PatientCard } from "../../patients";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words/language";
import type { Visit } from "./queries";
import { agendaWords } from "./words";

/** One appointment: who comes, when, and everything that can be done with it. */
export function VisitDialog({ visit, onClose }: { readonly visit: Visit; readonly onClose: () => void }) {
  const words = useWords(agendaWords);
  return (
    <Dialog title={words.visitTitle} onClose={onClose} wide>
      <AppointmentLine appointment={visit} />
      <PatientCard patientId={visit.patient_id} />
      <AppointmentActs appointment={visit} onChanged={onClose} />
      <p>
        <Link href={`/patients/${visit.patient_id}`}>{words.toPatient}</Link>
      </p>
    </Dialog>
  );
}
