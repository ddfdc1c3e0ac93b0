import { describe, expect, it } from "vitest";
import { actsOf, inOrder, turnOf } from "./life";

const order = (
  state: "sent" | "accepted" | "in_transit" | "closed",
  direction: "to_member" | "from_member",
) => ({
  state,
  direction,
});

describe("the life of an order", () => {
  it("is answered by the group, whoever the goods come from", () => {
    expect(turnOf(order("sent", "to_member"))).toBe("group");
    expect(turnOf(order("sent", "from_member"))).toBe("group");
  });
  it("turns round for what the member gives away", () => {
    expect(turnOf(order("accepted", "from_member"))).toBe("member");
    expect(turnOf(order("in_transit", "from_member"))).toBe("group");
    expect(actsOf(order("in_transit", "to_member"), "member", { ready: true })).toEqual(["receive"]);
    expect(actsOf(order("in_transit", "to_member"), "group", { ready: true })).toEqual([]);
  });
  it("asks for the second person once it is made ready", () => {
    expect(actsOf(order("accepted", "to_member"), "group", { ready: false })).toEqual(["prepare"]);
    expect(actsOf(order("accepted", "to_member"), "group", { ready: true })).toEqual(["check", "prepare"]);
  });
  it("is cancelled by the member alone, until it is prepared", () => {
    expect(actsOf(order("sent", "to_member"), "member", { ready: false })).toEqual(["cancel"]);
    expect(actsOf(order("in_transit", "from_member"), "member", { ready: true })).toEqual([]);
  });
  it("puts what waits for me first, then the soonest", () => {
    const rows = [
      { ...order("closed", "to_member"), wanted_on: "2026-11-20" },
      { ...order("sent", "to_member"), wanted_on: "2026-11-25" },
      { ...order("sent", "to_member"), wanted_on: "2026-11-24" },
    ];
    expect(inOrder(rows, "group").map((row) => row.wanted_on)).toEqual([
      "2026-11-24",
      "2026-11-25",
      "2026-11-20",
    ]);
  });
});
