import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gatherer } from "./live";
import type { Fact } from "./stream";
import type { Topic } from "./topics";

const fact = (type: string, id = "a", facts: Record<string, unknown> = {}): Fact => ({
  type,
  id,
  version: 1,
  organisation_id: "o",
  occurred_at: "2026-11-23T09:30:00Z",
  facts,
});

describe("what an event makes stale", () => {
  let client: QueryClient;
  let gatherer: Gatherer;

  beforeEach(() => {
    vi.useFakeTimers();
    client = new QueryClient();
    gatherer = new Gatherer(client);
  });
  afterEach(() => {
    gatherer.end();
    client.clear();
    vi.useRealTimers();
  });

  async function list(key: string, topics: readonly Topic[], more: Record<string, unknown> = {}) {
    await client.prefetchQuery({
      queryKey: [key],
      queryFn: () => key,
      meta: { topics, ...more },
      gcTime: Number.POSITIVE_INFINITY,
    });
    return () => client.getQueryState([key])?.isInvalidated;
  }

  it("is the lists that name it, gathered for 100 ms, and nothing else", async () => {
    const desk = await list("desk", ["telesecretariat.call_*"]);
    const agenda = await list("agenda", ["appointments.appointment_*"]);
    gatherer.add(fact("telesecretariat.call_arrived"));
    expect(desk()).toBe(false);
    vi.advanceTimersByTime(100);
    expect(desk()).toBe(true);
    expect(agenda()).toBe(false);
  });

  it("is only the record it is about, by its id or by a fact", async () => {
    const one = await list("one", ["telesecretariat.message_*"], { about: "m1" });
    const named = await list("named", ["telesecretariat.message_*"], { about: "p7" });
    const other = await list("other", ["telesecretariat.message_*"], { about: "m2" });
    gatherer.add(fact("telesecretariat.message_sent", "m1", { practitioner_id: "p7" }));
    vi.advanceTimersByTime(100);
    expect([one(), named(), other()]).toEqual([true, true, false]);
  });

  it("is read at once when it is urgent", async () => {
    const recalls = await list("recalls", ["cooperation.recall_*"], { urgent: true });
    gatherer.add(fact("cooperation.recall_opened"));
    expect(recalls()).toBe(true);
  });

  it("waits for the pause that a busy list asks for", async () => {
    const board = await list("board", ["telesecretariat.call_*"], { atMostEvery: 1000 });
    gatherer.add(fact("telesecretariat.call_arrived"));
    vi.advanceTimersByTime(500);
    expect(board()).toBe(false);
    vi.advanceTimersByTime(500);
    expect(board()).toBe(true);
  });

  it("is read once more a moment later where another service than its own says so", async () => {
    const context = await list("telesecretariat", ["appointments.appointment_*", "telesecretariat.call_*"]);
    gatherer.add(fact("appointments.appointment_booked"));
    vi.advanceTimersByTime(100);
    expect(context()).toBe(true);
    await list("telesecretariat", ["appointments.appointment_*", "telesecretariat.call_*"]);
    client.setQueryData(["telesecretariat"], "read before the copy was made");
    expect(context()).toBe(false);
    vi.advanceTimersByTime(1_500);
    expect(context()).toBe(true);
  });

  it("is what was read before the stream was ready, not what was read after", async () => {
    const early = await list("early", ["telesecretariat.call_*"]);
    vi.advanceTimersByTime(1000);
    const ready = Date.now();
    const late = await list("late", ["telesecretariat.call_*"]);
    gatherer.before(ready);
    expect([early(), late()]).toEqual([true, false]);
  });

  it("is every live list after a gap, and no other", async () => {
    const desk = await list("desk", ["telesecretariat.call_*"]);
    await client.prefetchQuery({ queryKey: ["still"], queryFn: () => 1 });
    gatherer.all();
    expect(desk()).toBe(true);
    expect(client.getQueryState(["still"])?.isInvalidated).toBe(false);
  });
});
