import { useQuery } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { useDirectory } from "../../calls/directory";
import { Badge } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { deskWords } from "./words";

interface Props {
  readonly clientId: string;
  readonly practitionerId: string;
  readonly motive: string | null;
}

/** Who will be told of a message, and how, as the doctor's own instruction says: away, replaced, reached by whom. */
export function Recipient({ clientId, practitionerId, motive }: Props) {
  const words = useWords(deskWords);
  const { language } = useLanguage();
  const { nameOf } = useDirectory();
  const holds = useQuery({
    queryKey: ["telesecretariat", "instructions", "resolved", clientId, practitionerId, motive],
    queryFn: () =>
      body(
        api.POST("/api/telesecretariat/v1/instructions/resolve", {
          body: { client_id: clientId, practitioner_id: practitionerId, motive },
        }),
      ),
    staleTime: 60_000,
    meta: { topics: ["telesecretariat.instruction_*", "appointments.absence_*"] as const },
  });
  if (!holds.data) return null;
  const { absence, urgent_contacts: contacts } = holds.data;
  return (
    <>
      {absence ? (
        <p>
          <Badge state="warn">{words.absentUntil(dateOnly(absence.until, language))}</Badge>{" "}
          {absence.backup_practitioner_id
            ? words.replacedBy(nameOf(absence.backup_practitioner_id))
            : words.noBackup}
        </p>
      ) : null}
      {contacts.length > 0 ? (
        <p className="small muted">
          {words.urgent} :{" "}
          {contacts
            .map((each) => `${words.contactRoles[each.role]} ${words.contactWays[each.channel]}`)
            .join(", ")}
        </p>
      ) : null}
    </>
  );
}
