import { api, body, type Schema } from "../api/client";
import { useLiveQuery } from "../live/live";
import { patchCall } from "./acts";
import type { CallFile } from "./desk";
import { readDraft } from "./drafts";

export type Colleague = Schema<"telesecretariat.Colleague">;

/** Who is ready to take this call over, longest idle first; read anew each time it is asked. */
export function useColleagues(callId: string) {
  return useLiveQuery<readonly Colleague[]>({
    queryKey: ["telesecretariat", "call", callId, "colleagues"],
    queryFn: async () => {
      const read = await body(
        api.GET("/api/telesecretariat/v1/calls/{call_id}/colleagues", {
          params: { path: { call_id: callId } },
        }),
      );
      return read.items;
    },
    topics: ["telesecretariat.agent_changed"],
    atMostEvery: 1_000,
  });
}

/** A word typed a moment ago belongs to the call before somebody else has it. */
export async function keepNote(callId: string, file: CallFile | null): Promise<void> {
  const typed = readDraft(callId, "note");
  if (file && typed !== null && typed !== (file.note ?? "")) {
    await patchCall(callId, { note: typed }, file.version);
  }
}
