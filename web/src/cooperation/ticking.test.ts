import { describe, expect, it } from "vitest";
import { crateOf, heard, NO_TICKS, toggled } from "./ticking";

const crate = (serial: string) => ({ id: serial, tag: `https://id.gs1.org/8003/09521234000204${serial}` });
const crates = [crate("CR01"), crate("CR02")];

describe("crates of a hand-over", () => {
  it("are known by any way to write their mark, and by their serial", () => {
    for (const text of [
      "]d2800309521234000204CR02",
      "(8003)09521234000204CR02",
      "https://id.gs1.org/8003/09521234000204CR02",
      " cr02 ",
    ])
      expect(crateOf(text, crates)?.id).toBe("CR02");
    expect(crateOf("CR03", crates)).toBeUndefined();
  });

  it("take the seal that is read after them, and the last one read counts", () => {
    let [ticks, said] = heard(NO_TICKS, "S-1", crates, true);
    expect(said).toBe("unknown");
    [ticks] = heard(ticks, "CR01", crates, true);
    [ticks, said] = heard(ticks, "S-1", crates, true);
    expect([said, ticks.read.CR01]).toEqual(["seal", "S-1"]);
    [ticks, said] = heard(ticks, "CR01", crates, true);
    expect([said, ticks.read.CR01]).toEqual(["again", "S-1"]);
    [ticks] = heard(ticks, "S-2", crates, true);
    expect(ticks.read).toEqual({ CR01: "S-2" });
  });

  it("have no seal to read for who gives", () => {
    const [ticks] = heard(NO_TICKS, "CR01", crates, false);
    expect(heard(ticks, "S-1", crates, false)[1]).toBe("unknown");
  });

  it("may be read and forgotten by hand", () => {
    const read = toggled(NO_TICKS, "CR01");
    expect(read).toEqual({ read: { CR01: null }, current: "CR01" });
    expect(toggled(read, "CR01")).toEqual(NO_TICKS);
  });
});
