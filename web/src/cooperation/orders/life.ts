import type { Schema } from "../../api/client";

export type Order = Schema<"cooperation.OrderOut">;
export type OrderState = Order["state"];
export type Side = "group" | "member";
export type Act =
  | "send"
  | "accept"
  | "decline"
  | "prepare"
  | "check"
  | "dispatch"
  | "receive"
  | "close"
  | "cancel";

/** The usual way; declined and cancelled leave it. */
export const STEPS: readonly OrderState[] = [
  "draft",
  "sent",
  "accepted",
  "prepared",
  "in_transit",
  "received",
  "closed",
];
export const ENDED: readonly OrderState[] = ["declined", "closed", "cancelled"];

type Seen = Pick<Order, "state" | "direction">;

/** Who is to act next; what goes from the member (waste, biology) is prepared by it and received by the group. */
export function turnOf({ state, direction }: Seen): Side | null {
  const giver: Side = direction === "to_member" ? "group" : "member";
  const taker: Side = direction === "to_member" ? "member" : "group";
  switch (state) {
    case "draft":
      return "member";
    case "sent":
      return "group";
    case "accepted":
    case "prepared":
      return giver;
    case "in_transit":
    case "received":
      return taker;
    default:
      return null;
  }
}

/** What one side may do now, the usual act first. The service decides again. */
export function actsOf(order: Seen, side: Side, made: { readonly ready: boolean }): readonly Act[] {
  const mine = turnOf(order) === side;
  const cancels: readonly Act[] = side === "member" ? ["cancel"] : [];
  switch (order.state) {
    case "draft":
      return mine ? ["send", ...cancels] : [];
    case "sent":
      return mine ? ["accept", "decline"] : cancels;
    case "accepted":
      // Made ready and still accepted: the flow asks that another person checks.
      return [
        ...(mine ? (made.ready ? (["check", "prepare"] as const) : (["prepare"] as const)) : []),
        ...cancels,
      ];
    case "prepared":
      return mine ? ["dispatch"] : [];
    case "in_transit":
      return mine ? ["receive"] : [];
    case "received":
      return ["close"];
    default:
      return [];
  }
}

/** How far it came, 0 to 6; one that was declined or cancelled nowhere. */
export function stepOf(state: OrderState): number {
  return STEPS.indexOf(state);
}

/** What waits for this side first, then the soonest wanted. */
export function inOrder<T extends Seen & { readonly wanted_on: string }>(
  rows: readonly T[],
  side: Side,
): T[] {
  const rank = (row: T) => (turnOf(row) === side ? 0 : 1);
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.wanted_on.localeCompare(b.wanted_on));
}
