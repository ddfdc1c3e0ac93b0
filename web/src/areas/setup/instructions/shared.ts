import { api, body, type Schema } from "../../../api/client";
import { useSession } from "../../../api/session";
import { everyPage, pageOf, useList } from "../../../records/read";
import { useOwnPeople } from "../hours/shared";
import { useClients } from "../phone/shared";
import { RED_FLAGS } from "./flags";

export type Instruction = Schema<"telesecretariat.InstructionOut">;
export type Version = Schema<"telesecretariat.VersionOut">;
export type Scope = Instruction["scope"];

export const INSTRUCTIONS = ["telesecretariat", "instructions"] as const;

export const useInstructions = () =>
  useList(
    [...INSTRUCTIONS, "all"],
    async () => (await body(api.GET("/api/telesecretariat/v1/instructions"))).items,
    ["telesecretariat.instruction_published", "telesecretariat.instruction_withdrawn"],
  );

export const useFlagSets = () =>
  useList(
    [...RED_FLAGS, "all"],
    async () => (await body(api.GET("/api/telesecretariat/v1/red-flag-sets"))).items,
  );

/** The centre whose instructions one writes, where the role may read contracts or has written one already. */
export function useClientId(): string | undefined {
  const { may } = useSession();
  const first = useInstructions().data?.[0]?.client_id;
  const clients = useClients(may("telesecretariat:setup.write")).data;
  return first ?? clients?.[0]?.id;
}

export const useDirectory = () =>
  useList(["telesecretariat", "directory"], () => body(api.GET("/api/telesecretariat/v1/directory")), [
    "appointments.site_changed",
    "appointments.practitioner_changed",
  ]);

/** Motives of calls, where the role may read them. */
export const useMotives = () => {
  const { may } = useSession();
  return useList(
    ["telesecretariat", "catalogues", "motive"],
    () =>
      everyPage<Schema<"telesecretariat.EntryOut">>((cursor) =>
        body(
          api.GET("/api/telesecretariat/v1/catalogues", {
            params: { query: { kind: "motive", ...pageOf(cursor) } },
          }),
        ),
      ),
    [],
    may("telesecretariat:setup.write", "telesecretariat:call.handle"),
  );
};

/** Whether one writes for the whole centre, or only for oneself, and as whom. */
export function useWriter(): { readonly own: boolean; readonly self: string | undefined } {
  const { session } = useSession();
  const { people } = useOwnPeople();
  const own = session.permissions?.["telesecretariat:instruction.write"] === "s";
  return { own, self: own ? people[0]?.id : undefined };
}
