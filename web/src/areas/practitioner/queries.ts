import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { useLiveQuery } from "../../live/live";

export type MessageItem = Schema<"telesecretariat.MessageItem">;
export type Message = Schema<"telesecretariat.MessageOut">;
export type Action = NonNullable<Message["action"]>;
export type Visit = Schema<"appointments.AppointmentOut">;
export type Practitioner = Schema<"appointments.PractitionerOut">;

/** Messages to oneself that are not closed, due first. Reading them delivers them. */
export function useInbox() {
  return useLiveQuery<readonly MessageItem[]>({
    queryKey: ["telesecretariat", "messages", "mine"],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/telesecretariat/v1/messages", { params: { query: { limit: 100 } }, signal })))
        .items,
    topics: ["telesecretariat.message_*"],
  });
}

/** One message with its text: each reading is written down. */
export function useMessage(id: string) {
  return useLiveQuery<Message>({
    queryKey: ["telesecretariat", "messages", id],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/telesecretariat/v1/messages/{message_id}", {
          params: { path: { message_id: id } },
          signal,
        }),
      ),
    topics: ["telesecretariat.message_*"],
    about: id,
  });
}

async function allPractitioners(signal: AbortSignal): Promise<readonly Practitioner[]> {
  const found: Practitioner[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await body(
      api.GET("/api/appointments/v1/practitioners", {
        params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    );
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

/** All practitioners of the centre, and the one that the account is tied to. */
export function usePractitioners() {
  const { session } = useSession();
  const query = useLiveQuery({
    queryKey: ["appointments", "practitioners", "all"],
    queryFn: ({ signal }) => allPractitioners(signal),
    topics: ["appointments.practitioner_changed"],
  });
  const mine = query.data?.find((each) => each.person?.person_id === session.person?.id);
  return { query, mine };
}

export function useReasons() {
  return useQuery({
    queryKey: ["appointments", "visit-reasons", "names"],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/appointments/v1/visit-reasons", { params: { query: { limit: 200 } }, signal }),
        )
      ).items,
    staleTime: 3_600_000,
  });
}

/** One practitioner's appointments of a day that stand, by start. */
export function useDay(practitionerId: string, day: string) {
  return useLiveQuery<readonly Visit[]>({
    queryKey: ["appointments", "appointments", "day", practitionerId, day],
    queryFn: async ({ signal }) => {
      const page = await body(
        api.GET("/api/appointments/v1/appointments", {
          params: { query: { practitioner: practitionerId, day, limit: 200 } },
          signal,
        }),
      );
      return page.items.filter((each) => each.status !== "cancelled" && each.status !== "entered-in-error");
    },
    topics: ["appointments.appointment_*"],
  });
}

/** One's absences that are not over. */
export function useAbsences(practitionerId: string) {
  return useLiveQuery({
    queryKey: ["appointments", "absences", practitionerId],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/appointments/v1/absences", {
            params: { query: { practitioner: practitionerId, limit: 100 } },
            signal,
          }),
        )
      ).items,
    topics: ["appointments.absence_changed"],
  });
}
