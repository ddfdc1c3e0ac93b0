/** The element string of a tag: `https://id.gs1.org/8003/0952…` -> `(8003)0952…`; anything else as it is. */
export function elementString(tag: string): string {
  const parts = tag.split("/");
  const value = parts.at(-1) ?? tag;
  const name = parts.at(-2) ?? "";
  return /^\d{2,4}$/.test(name) ? `(${name})${value}` : tag;
}

/** A GS1 DataMatrix of a tag as a picture. The drawing code is large: it comes when a label is wanted. */
export async function symbolOf(tag: string): Promise<string> {
  const { gs1datamatrix, drawingSVG } = await import("bwip-js/generic");
  return picture(gs1datamatrix({ bcid: "gs1datamatrix", text: elementString(tag), scale: 4 }, drawingSVG()));
}

/** An SVG as an address that the door's policy lets a picture have. */
export function picture(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}
