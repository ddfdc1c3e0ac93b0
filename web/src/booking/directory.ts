import { useMemo } from "react";
import { api, body, type Schema } from "../api/client";
import { useLiveQuery } from "../live/live";

export type Reason = Schema<"appointments.ReasonOut">;
export type Site = Schema<"appointments.SiteOut">;
export type Practitioner = Schema<"appointments.PractitionerOut">;
export type Mode = Schema<"appointments.HoldOut">["mode"];

export function useSites() {
  return useLiveQuery<readonly Site[]>({
    queryKey: ["appointments", "sites"],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/appointments/v1/sites", { params: { query: { limit: 200 } }, signal })))
        .items,
    topics: ["appointments.site_changed"],
  });
}

export function usePractitioners() {
  return useLiveQuery<readonly Practitioner[]>({
    queryKey: ["appointments", "practitioners"],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/appointments/v1/practitioners", { params: { query: { limit: 200 } }, signal }),
        )
      ).items,
    topics: ["appointments.practitioner_changed"],
  });
}

/** Reasons by rank. */
export function useReasons() {
  return useLiveQuery<readonly Reason[]>({
    queryKey: ["appointments", "visit-reasons"],
    queryFn: async ({ signal }) => {
      const query = { limit: 100 };
      const page = await body(api.GET("/api/appointments/v1/visit-reasons", { params: { query }, signal }));
      return page.items as readonly Reason[];
    },
    topics: ["appointments.reason_changed"],
  });
}

/** Names of what appointments point to by id; empty until they are read. */
export function useDirectory() {
  const sites = useSites().data;
  const practitioners = usePractitioners().data;
  const reasons = useReasons().data;
  return useMemo(
    () => ({
      siteName: nameIn(sites, (each) => each.name),
      practitionerName: nameIn(practitioners, (each) => each.display_name),
      reasonLabel: nameIn(reasons, (each) => each.label),
    }),
    [sites, practitioners, reasons],
  );
}

function nameIn<T extends { readonly id: string }>(all: readonly T[] | undefined, name: (each: T) => string) {
  const known = new Map((all ?? []).map((each) => [each.id, name(each)]));
  return (id: string | null) => (id === null ? "" : (known.get(id) ?? ""));
}
