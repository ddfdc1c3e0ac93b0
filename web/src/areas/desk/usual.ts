interface Visit {
  readonly start: string;
  readonly status: string;
  readonly practitioner_id: string;
  readonly reason_id: string;
}

export interface Usual {
  readonly practitionerId?: string;
  readonly reasonId?: string;
}

const COUNTS = new Set(["booked", "arrived", "fulfilled"]);

/**
 * What somebody usually comes for: the doctor of the file, else the one seen most in the last visits; and the reason of
 * the last visit to this doctor. Nothing is guessed for who never came.
 */
export function usualOf(visits: readonly Visit[], referring: string | null): Usual {
  const last = visits
    .filter((visit) => COUNTS.has(visit.status))
    .sort((a, b) => b.start.localeCompare(a.start))
    .slice(0, 6);
  const times = new Map<string, number>();
  for (const visit of last) times.set(visit.practitioner_id, (times.get(visit.practitioner_id) ?? 0) + 1);
  const known = referring !== null && (times.has(referring) || last.length === 0);
  const most = [...times].sort((a, b) => b[1] - a[1])[0]?.[0];
  const practitionerId = known ? referring : most;
  const reasonId = last.find((visit) => visit.practitioner_id === practitionerId)?.reason_id;
  return {
    ...(practitionerId ? { practitionerId } : {}),
    ...(reasonId ? { reasonId } : {}),
  };
}
