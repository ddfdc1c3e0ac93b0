import fc from "fast-check";
import { expect, it } from "vitest";
import type { Schema } from "../api/client";
import { noAnswer, Refusal } from "../api/refusal";
import { ScanQueue, type Send, type Store } from "./queue";
import { type Item, toSettle } from "./queue-model";

/** What the tab leaves behind when it is closed. */
class Kept implements Store {
  rows = new Map<number, Item>();
  all = async () => [...this.rows.values()];
  add = async (item: Omit<Item, "id">) => {
    const made = { ...item, id: this.rows.size + 1 };
    this.rows.set(made.id, made);
    return made;
  };
  put = async (items: readonly Item[]) => {
    for (const item of items) this.rows.set(item.id, item);
  };
  drop = async () => {};
}

/** The rules of the server: numbers without a hole, a replay has its first answer, a number means one code. */
class Server {
  taken: string[] = [];
  /** What becomes of the requests to come: answered, lost on the way there, lost on the way back. */
  fate: ("answer" | "lost" | "unheard")[] = [];
  send: Send = async (batch) => {
    const fate = this.fate.shift() ?? "answer";
    if (fate === "lost") throw noAnswer();
    for (const { seq, code } of batch.scans) {
      const known = this.taken[seq - 1];
      if (known !== undefined && known !== code) throw new Refusal(422, "SEQ_REUSED", "", "");
    }
    const fresh = batch.scans.filter(({ seq }) => seq > this.taken.length);
    for (const [place, { seq }] of fresh.entries()) {
      const expected = this.taken.length + 1;
      if (seq !== expected + place)
        throw new Refusal(409, "SCAN_GAP", "", "", [], { expected_seq: expected + place });
    }
    this.taken.push(...fresh.map((each) => each.code));
    if (fate === "unheard") throw noAnswer();
    const results = batch.scans.map(({ seq, code }) => ({
      seq,
      id: `${seq}`,
      outcome: code.startsWith("bad") ? "refused" : "done",
      code: code.startsWith("bad") ? "UNKNOWN_CODE" : null,
    }));
    return {
      next_seq: this.taken.length + 1,
      results,
    } as unknown as Schema<"cooperation.ScanAnswers">;
  };
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "bad").map((code) => ({ scan: code })) },
  { weight: 2, arbitrary: fc.constantFrom("lost", "unheard").map((fate) => ({ fate })) },
  { weight: 1, arbitrary: fc.constant({ reopen: true }) },
  { weight: 1, arbitrary: fc.constant({ flush: true }) },
);

it("takes every scan once and in order, whatever is lost, repeated, closed and opened again", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 0, max: 5 }),
      async (steps, before) => {
        const server = new Server();
        server.taken = Array.from({ length: before }, (_, place) => `before${place}`);
        const kept = new Kept();
        const make = () => new ScanQueue("d", kept, server.send, async () => server.taken.length + 1);
        let queue = make();
        await queue.open();
        const read: string[] = [];
        for (const each of steps) {
          if ("scan" in each) {
            const code = `${each.scan}${read.length}`;
            read.push(code);
            await queue.capture("s", code, {});
          } else if ("fate" in each) server.fate.push(each.fate as "lost");
          else if ("reopen" in each) {
            await queue.flush();
            queue = make();
            await queue.open();
          } else await queue.flush();
        }
        server.fate = [];
        await queue.flush();
        await queue.flush();
        expect(server.taken.slice(before)).toEqual(read);
        const ends = queue.items.map((item) => item.state);
        expect(ends).toEqual(read.map((code) => (code.startsWith("bad") ? "refused" : "done")));
        expect(queue.stopped).toBeNull();
      },
    ),
    { numRuns: 200 },
  );
});

it("numbers anew what another screen's numbers have kept out, and loses none of either", async () => {
  const server = new Server();
  const queue = new ScanQueue("d", new Kept(), server.send, async () => server.taken.length + 1);
  await queue.open();
  await queue.capture("s", "mine1", {});
  await queue.flush();
  server.taken.push("theirs1", "theirs2");
  await queue.capture("s", "mine2", {});
  await queue.capture("s", "mine3", {});
  await queue.flush();
  expect(server.taken).toEqual(["mine1", "theirs1", "theirs2", "mine2", "mine3"]);
});

it("lists what was refused late for the manager, and not what was refused under the hand", async () => {
  const server = new Server();
  const queue = new ScanQueue("d", new Kept(), server.send, async () => server.taken.length + 1);
  await queue.open();
  await queue.capture("s", "bad-now", {});
  await queue.flush();
  server.fate = ["lost"];
  await queue.capture("s", "bad-later", {});
  await queue.flush();
  await queue.flush();
  expect(toSettle(queue.items).map((item) => item.code)).toEqual(["bad-later"]);
  await queue.settle(new Set());
  expect(toSettle(queue.items)).toEqual([]);
});
