import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, body, type Schema } from "../api/client";
import { useSession } from "../api/session";

/** What may be asked of the patients' search, read out of what was typed: a date, a number, and the words between. */
export interface PatientQuery {
  readonly q?: string;
  readonly birth_date?: string;
  readonly phone?: string;
}

/** « durand 12/03/1958 », « 06 12 34 56 78 », « 12031958 marie ». Null when nothing can be asked. */
export function patientQuery(typed: string): PatientQuery | null {
  let rest = ` ${typed.trim()} `;
  const found: { q?: string; birth_date?: string; phone?: string } = {};
  const date = rest.match(/[\s](\d{1,2})[/.\- ]?(\d{2})[/.\- ]?((?:19|20)\d{2})(?=\s)/);
  if (date) {
    const [, day = "", month = "", year = ""] = date;
    const written = `${year}-${month}-${day.padStart(2, "0")}`;
    if (!Number.isNaN(Date.parse(written)) && Number(month) <= 12) {
      found.birth_date = written;
      rest = rest.replace(date[0], " ");
    }
  }
  const phone = rest.match(/\+?\d[\d\s.]{5,}\d/);
  if (phone && phone[0].replace(/\D/g, "").length >= 8) {
    found.phone = phone[0].trim();
    rest = rest.replace(phone[0], " ");
  }
  const words = rest.trim().replace(/\s+/g, " ");
  if (words.length >= 2) found.q = words;
  return Object.keys(found).length ? found : null;
}

/** Words without accents and capitals, to find in what is already here. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether each word typed begins a word of the text. */
export function fits(text: string, typed: string): boolean {
  const words = plain(text).split(/[\s'’-]+/);
  return plain(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}

/** A value once it has stood still for a moment. */
export function useSettled<T>(value: T, ms = 180): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

interface Found {
  readonly patients: readonly Schema<"appointments.PatientItem">[];
  readonly practitioners: readonly Schema<"appointments.PractitionerOut">[];
  readonly sites: readonly Schema<"appointments.SiteOut">[];
  readonly sets: readonly Schema<"cooperation.SetOut">[];
  readonly searching: boolean;
  /** How many services could not be asked; the others answer all the same. */
  readonly failed: readonly ("patients" | "practitioners" | "sites" | "sets")[];
}

const MINUTE = 60_000;

/** What the services find for two characters and more, each asked beside the others and failing alone. */
export function useFound(typed: string): Found {
  const { may } = useSession();
  const settled = useSettled(typed.trim());
  const asks = settled.length >= 2;
  const query = patientQuery(settled);
  const patients = useQuery({
    queryKey: ["appointments", "patients", "palette", query],
    queryFn: () =>
      body(api.GET("/api/appointments/v1/patients", { params: { query: { ...query, limit: 8 } } })),
    enabled: asks && query !== null && may("appointments:patient.read"),
    // A search of patients is audited and personal: asked when it is wanted, forgotten when it is closed.
    gcTime: 0,
    retry: false,
  });
  const directory = asks && may("appointments:slot.read");
  const practitioners = useQuery({
    queryKey: ["appointments", "practitioners", "palette"],
    queryFn: () => body(api.GET("/api/appointments/v1/practitioners", { params: { query: { limit: 500 } } })),
    enabled: directory,
    staleTime: MINUTE,
    retry: false,
  });
  const sites = useQuery({
    queryKey: ["appointments", "sites", "palette"],
    queryFn: () => body(api.GET("/api/appointments/v1/sites", { params: { query: { limit: 500 } } })),
    enabled: directory,
    staleTime: MINUTE,
    retry: false,
  });
  const sets = useQuery({
    queryKey: ["cooperation", "sets", "palette"],
    queryFn: () => body(api.GET("/api/cooperation/v1/sets", { params: { query: { limit: 500 } } })),
    enabled: asks && may("cooperation:set.read"),
    staleTime: MINUTE,
    retry: false,
  });
  const named = { patients, practitioners, sites, sets };
  return {
    patients: (asks && patients.data?.items) || [],
    practitioners: few(asks, practitioners.data?.items, (each) => each.display_name, settled),
    sites: few(asks, sites.data?.items, (each) => `${each.name} ${each.city}`, settled),
    sets: few(asks, sets.data?.items, (each) => `${each.name} ${each.tag}`, settled),
    searching: typed.trim() !== settled || Object.values(named).some((each) => each.isFetching),
    failed: (Object.keys(named) as (keyof typeof named)[]).filter((name) => asks && named[name].isError),
  };
}

function few<T>(
  asks: boolean,
  all: readonly T[] | undefined,
  text: (each: T) => string,
  typed: string,
): readonly T[] {
  return asks ? (all ?? []).filter((each) => fits(text(each), typed)).slice(0, 6) : [];
}
