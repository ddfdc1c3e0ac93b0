import type { ActProps } from "./act";
import { CratePanel, useStationRow } from "./crate";

/** A crate is taken in hand by its scan; packs scanned after it go into it; then it is sealed for its site. */
export function Dispatch({ station, post }: ActProps) {
  const row = useStationRow(post.id);
  const last = station.recent.find(
    (item) => item.result?.subject?.kind === "crate" || item.result?.details?.crate_id,
  );
  const result = last?.result;
  const crate = result?.subject?.kind === "crate" ? result.subject.id : result?.details?.crate_id;
  if (typeof crate !== "string") return null;
  return <CratePanel key={crate} crate={crate} post={post.id} site={row.data?.site_id ?? ""} />;
}
