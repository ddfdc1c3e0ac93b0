import { serialOf } from "../../cooperation/names";
import type { ChapterProps } from "../../records/chapters";
import { Badge } from "../../ui/state";
import { useWords } from "../../words/language";
import { Collection, useAll, useLive } from "./collection";
import { plantWords } from "./words";

/** Crates: places that travel. */
export default function Crates({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const places = useLive("places");
  const sites = useAll("sites").data ?? [];
  const flows = useLive("flows");
  return (
    <Collection
      id={id}
      many="crates"
      title={words.crates}
      intro={words.cratesIntro}
      add={words.addCrate}
      addTitle={words.newCrate}
      empty={words.noCrate}
      made="tag name place_id flow"
      changed="name"
      name={(row) => row.name}
      columns={[
        {
          id: "load",
          head: words.state,
          cell: (row) => <Badge>{words.crateLoads[row.load_state]}</Badge>,
        },
        {
          id: "tag",
          head: words.tag,
          cell: (row) => <span className="mono">{serialOf(row.tag)}</span>,
        },
        {
          id: "flow",
          head: words.flow,
          cell: (row) =>
            row.flow === "sterilisation"
              ? words.sterilisation
              : (flows.find((each) => each.code === row.flow)?.name ?? row.flow),
        },
      ]}
      groups={() => [
        {
          legend: words.identity,
          fields: [
            { kind: "text", name: "name", label: words.name, required: true, max: 120 },
            {
              kind: "text",
              name: "tag",
              label: words.tag,
              hint: words.tagHint,
              required: true,
              fixed: true,
            },
            {
              kind: "choice",
              name: "place_id",
              label: words.placeNow,
              options: places
                .filter((row) => row.site_id !== null)
                .map((row) => ({
                  value: row.id,
                  label: `${row.name}, ${sites.find((each) => each.id === row.site_id)?.name ?? ""}`,
                })),
              required: true,
              fixed: true,
              when: (values) => !("load_state" in values),
            },
            {
              kind: "choice",
              name: "flow",
              label: words.flow,
              options: [
                { value: "sterilisation", label: words.sterilisation },
                ...flows.map((row) => ({ value: row.code, label: row.name })),
              ],
              required: true,
              fixed: true,
            },
          ],
        },
      ]}
      blank={{ name: "", tag: "", place_id: null, flow: "sterilisation" }}
    />
  );
}
