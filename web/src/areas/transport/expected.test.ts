import { describe, expect, it } from "vitest";
import { expected, paceOf, type Stop } from "./expected";

const at = (time: string) => `2026-11-23T${time}:00Z`;
const stop = (site_id: string, promised: string, more: Partial<Stop> = {}): Stop => ({
  id: site_id,
  tour_id: "t",
  position: 1,
  site_id,
  promised_at: at(promised),
  state: "expected",
  reason: null,
  late_told: false,
  settled_at: null,
  version: 1,
  ...more,
});
const road = (from_site_id: string, to_site_id: string, minutes: number) => ({
  from_site_id,
  to_site_id,
  seconds: minutes * 60,
});
const links = [road("plant", "a", 40), road("a", "b", 30)];

describe("when a vehicle will be there", () => {
  it("adds the roads from its departure, and from the last stop that was settled", () => {
    const stops = [stop("a", "10:40"), stop("b", "11:00")];
    const planned = { leaves_at: at("10:00"), state: "planned" as const, stops };
    const due = expected(planned, links, "plant", new Date(at("09:00")));
    expect(due.map(({ late }) => late)).toEqual([0, 10]);
    expect(due.map(paceOf)).toEqual(["on_time", "near"]);

    const first = stop("a", "10:40", { state: "served", settled_at: at("10:55") });
    const under = { ...planned, state: "under_way" as const, stops: [first, stops[1] as Stop] };
    const later = expected(under, links, "plant", new Date(at("10:56")));
    expect(later[1]?.late).toBe(25);
    expect(later.map(paceOf)).toEqual(["served", "late"]);
  });

  it("is never in the past, and unknown without a measured road", () => {
    const tour = {
      leaves_at: at("08:00"),
      state: "planned" as const,
      stops: [stop("a", "09:00"), stop("c", "10:00")],
    };
    const due = expected(tour, links, "plant", new Date(at("09:30")));
    expect(due[0]?.late).toBe(70);
    expect(due[1]).toMatchObject({ at: null, late: null });
    expect(paceOf(due[1] as (typeof due)[0])).toBe("unknown");
  });
});
