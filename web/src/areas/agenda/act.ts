import { useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";

export type PlainAct = "arrive" | "fulfil" | "leave" | "miss";

interface Doing {
  readonly visit: { readonly id: string; readonly version: number; readonly patient_name: string };
  readonly act: PlainAct;
}

/** One press for what happens at a desk: with the version that was seen, so that two desks do not both decide. */
export function useAct(onDone: (changed: Schema<"appointments.ChangedOut">, doing: Doing) => void) {
  const client = useQueryClient();
  return useCommand(
    async (doing: Doing, key: string) => {
      const headers = { "If-Match": `"${doing.visit.version}"`, "Idempotency-Key": key };
      const path = { appointment_id: doing.visit.id };
      const changed = await body(
        doing.act === "miss"
          ? api.POST("/api/appointments/v1/appointments/{appointment_id}/miss", { params: { path }, headers })
          : api.POST("/api/appointments/v1/appointments/{appointment_id}/{event}", {
              params: { path: { ...path, event: doing.act } },
              headers,
            }),
      );
      return { changed, doing };
    },
    ({ changed, doing }) => {
      void client.invalidateQueries({ queryKey: ["appointments", "agenda"] });
      void client.invalidateQueries({ queryKey: ["appointments", "walk-ins"] });
      onDone(changed, doing);
    },
  );
}
