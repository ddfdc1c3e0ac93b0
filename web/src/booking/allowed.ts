import type { Appointment } from "./acting";

export type Act =
  | "move"
  | "cancel"
  | "confirm"
  | "decline"
  | "arrive"
  | "fulfil"
  | "miss"
  | "leave"
  | "reopen"
  | "void";

const BY_STATUS: Readonly<Record<Appointment["status"], readonly Act[]>> = {
  pending: ["confirm", "move", "cancel", "decline", "void"],
  booked: ["arrive", "fulfil", "move", "cancel", "miss", "void"],
  arrived: ["fulfil", "leave", "reopen", "void"],
  fulfilled: ["reopen", "void"],
  noshow: ["reopen", "void"],
  cancelled: ["reopen", "void"],
  "entered-in-error": [],
};
const CARE = ["practitioner", "nurse", "front_desk"];
const BY_ROLE: Partial<Record<Act, readonly string[]>> = {
  confirm: CARE,
  decline: CARE,
  fulfil: CARE,
  miss: CARE,
  void: ["front_desk", "manager"],
};
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What may be offered of an appointment now, to this role. The service decides; this spares a click that it refuses. */
export function actsOf(appointment: Appointment, role: string, now: Date): readonly Act[] {
  const start = Date.parse(appointment.start);
  const since = now.getTime() - Date.parse(appointment.changed_at);
  const timely: Partial<Record<Act, boolean>> = {
    cancel: now.getTime() < start || role === "front_desk",
    arrive: now.getTime() >= start - 120 * MINUTE && now.getTime() < start + DAY,
    fulfil: appointment.status === "arrived" || now.getTime() >= start,
    miss: now.getTime() >= start + 15 * MINUTE,
    reopen: since <= (appointment.status === "cancelled" ? DAY : 7 * DAY),
  };
  return BY_STATUS[appointment.status].filter(
    (act) => (timely[act] ?? true) && (BY_ROLE[act]?.includes(role) ?? true),
  );
}
