import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../api/client";
import { useCommand } from "../api/command";
import { useLanguage } from "../words/language";
import { useRefreshDesk } from "./desk";

/** The header that makes a repeated request one act. */
export const once = (key: string) => ({ headers: { "Idempotency-Key": key } });

type Work = (key: string) => Promise<unknown>;

/**
 * Acts on one's post and call, one at a time: while one runs, another press does nothing. Whatever came of it, the desk
 * is read again at once, and the call with it.
 */
export function useAct() {
  const refresh = useRefreshDesk();
  const client = useQueryClient();
  return useCommand(async (work: Work, key: string) => {
    try {
      return (await work(key)) ?? true;
    } finally {
      void refresh();
      void client.invalidateQueries({ queryKey: ["telesecretariat", "call"] });
    }
  });
}

type Entry = Schema<"telesecretariat.EntryOut">;
export interface Word {
  readonly code: string;
  readonly label: string;
  readonly facts: Entry["facts"];
}

/** The centre's words of one kind: pauses, motives, outcomes, destinations. */
export function useCatalogue(kind: Entry["kind"]): readonly Word[] {
  const { language } = useLanguage();
  const read = useQuery({
    queryKey: ["telesecretariat", "catalogue"],
    queryFn: () => body(api.GET("/api/telesecretariat/v1/catalogues", { params: { query: { limit: 200 } } })),
    staleTime: 300_000,
  });
  return (read.data?.items ?? [])
    .filter((entry) => entry.kind === kind && entry.active)
    .map((entry) => ({
      code: entry.code,
      label: language === "fr" ? entry.label_fr : entry.label_en,
      facts: entry.facts,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

export type CallPatch = Partial<Schema<"telesecretariat.CallPatch">>;

/** Notes what is known of a call; only what is sent changes. With a version, refused when somebody wrote meanwhile. */
export function patchCall(callId: string, patch: CallPatch, version?: number) {
  return body(
    api.PATCH("/api/telesecretariat/v1/calls/{call_id}", {
      params: { path: { call_id: callId } },
      // A field with a default is no less optional in what is sent.
      body: patch as Schema<"telesecretariat.CallPatch">,
      ...(version === undefined ? {} : { headers: { "If-Match": `"${version}"` } }),
    }),
  );
}
