import { useQuery } from "@tanstack/react-query";
import { api, body } from "../api/client";

/** Practitioners and sites as the telephone knows them. */
export function useDirectory() {
  const read = useQuery({
    queryKey: ["telesecretariat", "directory"],
    queryFn: () => body(api.GET("/api/telesecretariat/v1/directory")),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { topics: ["appointments.practitioner_changed", "appointments.site_changed"], atMostEvery: 5_000 },
  });
  const practitioners = (read.data?.practitioners ?? [])
    .filter((each) => each.active)
    .sort((a, b) => a.display_name.localeCompare(b.display_name));
  return {
    practitioners,
    nameOf: (id: string | null) =>
      read.data?.practitioners.find((each) => each.practitioner_id === id)?.display_name ?? "",
  };
}
