import type { ChapterProps } from "../../records/chapters";
import { useWords } from "../../words/language";
import { Collection, useAll, useLive } from "./collection";
import { codes, programmeOptions } from "./programme-codes";
import { plantWords } from "./words";

/** Models of instruments: a composition names them, and their maker says which programmes they bear. */
export default function Models({ id }: ChapterProps) {
  const words = useWords(plantWords);
  const all = useAll("programmes").data ?? [];
  const programmes = useLive("programmes");
  return (
    <Collection
      id={id}
      many="instrument_models"
      path="models"
      title={words.models}
      intro={words.modelsIntro}
      add={words.addModel}
      addTitle={words.newModel}
      empty={words.noModel}
      made="alias gtin ifu_ref programmes_allowed single_use"
      changed="alias gtin ifu_ref programmes_allowed single_use"
      name={(row) => row.alias}
      columns={[
        {
          id: "programmes",
          head: words.programmesAllowed,
          cell: (row) => codes(all, row.programmes_allowed) || words.none,
        },
        { id: "gtin", head: words.gtin, cell: (row) => <span className="mono">{row.gtin ?? ""}</span> },
        { id: "single", head: words.singleUse, cell: (row) => (row.single_use ? words.yes : "") },
      ]}
      groups={() => [
        {
          legend: words.identity,
          fields: [
            { kind: "text", name: "alias", label: words.name, required: true, max: 120 },
            { kind: "text", name: "gtin", label: words.gtin, hint: words.gtinHint, max: 14 },
            { kind: "text", name: "ifu_ref", label: words.ifu, hint: words.ifuHint, max: 120 },
            { kind: "yes", name: "single_use", label: words.singleUse, hint: words.singleUseHint },
            {
              kind: "set",
              name: "programmes_allowed",
              label: words.programmesAllowed,
              hint: words.programmesAllowedHint,
              options: programmeOptions(programmes),
            },
          ],
        },
      ]}
      blank={{ alias: "", gtin: null, ifu_ref: null, programmes_allowed: [], single_use: false }}
    />
  );
}
