import { describe, expect, it } from "vitest";
import { type Act, after, replay, type Verdict } from "./outbox-model";

const act = (key: string, stop: string): Act => ({
  key,
  stop,
  person: "p",
  at: "2026-11-23T09:00:00Z",
  doing: { kind: "serve" },
});
const acts = [act("1", "a"), act("2", "a"), act("3", "b")];

async function replayed(from: readonly Act[], answers: Readonly<Record<string, Verdict>>) {
  const sent: string[] = [];
  let left = from;
  await replay(
    from,
    async ({ key }) => {
      sent.push(key);
      return answers[key] ?? "done";
    },
    async (key, verdict) => {
      left = after(left, key, verdict);
    },
  );
  return { sent, left: left.map(({ key }) => key), refused: left.filter((each) => each.refused).length };
}

describe("what a driver did without a network", () => {
  it("is sent in order", async () => {
    expect(await replayed(acts, {})).toEqual({ sent: ["1", "2", "3"], left: [], refused: 0 });
  });

  it("waits whole from the first that has no answer", async () => {
    const { sent, left } = await replayed(acts, { "2": "away" });
    expect([sent, left]).toEqual([
      ["1", "2"],
      ["2", "3"],
    ]);
  });

  it("goes on at other stops when one act is refused, never at the same stop", async () => {
    const { sent, left, refused } = await replayed(acts, { "1": { refused: "why" } });
    expect([sent, left, refused]).toEqual([["1", "3"], ["1", "2"], 1]);
  });
});
