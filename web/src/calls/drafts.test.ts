// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";

const given = vi.hoisted(() => [] as string[]);
vi.mock("../api/client", () => ({
  api: {
    DELETE: async (_: string, { params }: { params: { path: { hold_id: string } } }) => {
      given.push(params.path.hold_id);
    },
  },
}));

import { dropDrafts, forget, forgetOthers, keepDraft, ownDrafts, readDraft } from "./drafts";

const CALL = "call-1";
const OTHER = "call-2";

describe("what is typed in this tab", () => {
  beforeEach(() => {
    sessionStorage.clear();
    given.length = 0;
    vi.useRealTimers();
    ownDrafts("sophie");
    for (const of of [CALL, OTHER, "none", "shift"]) keepDraft(of, "note", of);
  });

  it("goes with its call, and stays for the next shift and without a call", () => {
    forgetOthers(CALL);
    expect([CALL, OTHER, "none", "shift"].map((of) => readDraft(of, "note"))).toEqual([
      CALL,
      null,
      "none",
      "shift",
    ]);
    forget(CALL);
    expect(readDraft(CALL, "note")).toBeNull();
  });

  it("gives the time that was kept for the patient back when it goes, unless it was booked", () => {
    keepDraft(CALL, "usual.p1.hold", JSON.stringify({ id: "h1" }));
    keepDraft(CALL, "book.p1.hold", JSON.stringify({ id: "h2" }));
    keepDraft(CALL, "book.p1.hold", null);
    forget(CALL, "book.");
    forget(CALL, "usual.");
    expect(given).toEqual(["h1"]);
    expect(readDraft(CALL, "note")).toBe(CALL);
  });

  it("is found again by who typed it, for a week, and never by another", () => {
    ownDrafts("sophie");
    expect(readDraft("none", "note")).toBe("none");
    vi.useFakeTimers({ now: Date.now() + 6 * 86_400_000 });
    keepDraft("shift", "note", "later");
    vi.setSystemTime(Date.now() + 6 * 86_400_000);
    ownDrafts("sophie");
    expect(readDraft("shift", "note"), "the week runs from the last word").toBe("later");
    vi.setSystemTime(Date.now() + 8 * 86_400_000);
    ownDrafts("sophie");
    expect(readDraft("shift", "note")).toBeNull();
    keepDraft("none", "note", "mine");
    ownDrafts("karim");
    expect(readDraft("none", "note")).toBeNull();
  });

  it("is gone at a sign-out", () => {
    dropDrafts();
    expect(Object.keys(sessionStorage)).toEqual([]);
  });
});
