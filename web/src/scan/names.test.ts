import { expect, it } from "vitest";
import { namesOf } from "./names";

it("names a code as the list of blocks does, in whatever form it was read", () => {
  const label = ["https://id.gs1.org/00/095212340000004172"];
  for (const text of [
    "(00)095212340000004172",
    "]C100095212340000004172",
    "https://example.org/00/095212340000004172",
  ])
    expect(namesOf(text)).toEqual(label);
  const tag = ["https://id.gs1.org/8003/09521234000129CHA0417"];
  for (const text of [
    "]d2800309521234000129CHA0417",
    "]d2\u001d800309521234000129CHA0417\u001d10A",
    `${tag}`,
  ])
    expect(namesOf(text)).toEqual(tag);
});

it("gives no name to what it cannot read: such a pack stays not verified", () => {
  for (const text of ["", "à&é\"'", "(00)123", "800309521234000129CHA0417", "B:12"])
    expect(namesOf(text)).toEqual([]);
});
