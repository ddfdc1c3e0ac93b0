import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useLiveQuery } from "../../live/live";

export type Person = Schema<"gateway.gateway__accounts__schemas__PersonOut">;
export type Membership = Schema<"gateway.MembershipOut">;

const PAGE = 200;

/** All pages of a list: the accounts of one organisation are some hundreds at most. */
export async function everyPage<T>(
  read: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor?: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return all;
}

const paged = (cursor: string | undefined) => ({
  params: { query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
});

export const PERSONS = ["gateway", "persons"];
export const MEMBERSHIPS = ["gateway", "memberships"];

export function usePersons() {
  return useLiveQuery({
    queryKey: PERSONS,
    queryFn: () => everyPage((cursor) => body(api.GET("/api/gateway/v1/persons", paged(cursor)))),
    topics: ["gateway.person_changed"],
    // Accounts also change by what their owners do, such as a first sign-in: read again when a screen opens.
    refetchOnMount: "always",
  });
}

export function useMemberships() {
  return useLiveQuery({
    queryKey: MEMBERSHIPS,
    queryFn: () => everyPage((cursor) => body(api.GET("/api/gateway/v1/memberships", paged(cursor)))),
    topics: ["gateway.membership_changed"],
  });
}

/** The one table of who may do what; it changes with a new version only. */
export function usePermissions() {
  return useQuery({
    queryKey: ["gateway", "permissions"],
    queryFn: () => body(api.GET("/api/gateway/v1/permissions")),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The header that names the version that was read. */
export const ifMatch = (version: number) => ({ headers: { "If-Match": `"${version}"` } });

/** Empty fields are sent as none. */
export function textOf(form: FormData, name: string): string | null {
  return String(form.get(name) ?? "").trim() || null;
}
