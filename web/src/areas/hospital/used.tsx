import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, body } from "../../api/client";
import { useSets } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { Badge, Empty, Read } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { hospitalWords } from "./words";

/** Which sets were used in one operation, by the hospital's own reference: only for this hospital. */
export function Used() {
  const words = useWords(hospitalWords);
  const [ref, setRef] = useState("");
  return (
    <section className="panel stack">
      <h2>{words.usedTitle}</h2>
      <form
        className="row hospital-find"
        onSubmit={(event) => {
          event.preventDefault();
          setRef(String(new FormData(event.currentTarget).get("ref")).trim());
        }}
      >
        <TextField label={words.ref} name="ref" required maxLength={100} autoComplete="off" />
        <Button type="submit">{words.showUses}</Button>
      </form>
      {ref ? <Uses key={ref} operation={ref} /> : null}
    </section>
  );
}

function Uses({ operation }: { readonly operation: string }) {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { data: sets = [] } = useSets();
  const query = useQuery({
    queryKey: ["cooperation", "uses", operation],
    queryFn: () =>
      body(
        api.GET("/api/cooperation/v1/uses", { params: { query: { operation_ref: operation, limit: 100 } } }),
      ),
  });
  return (
    <Read of={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{words.noUse(operation)}</Empty>
        ) : (
          <DataTable
            caption={words.usesOf(operation)}
            rows={items}
            keyOf={(row) => row.id}
            columns={[
              {
                id: "set",
                head: words.set,
                cell: (row) => (
                  <Link href={`/sets/${row.set_id}/runs/${row.run_id}`}>
                    {sets.find((each) => each.id === row.set_id)?.name ?? words.set}
                  </Link>
                ),
              },
              { id: "at", head: words.usedAt, cell: (row) => dayAndTime(row.used_at, language) },
              {
                id: "remark",
                head: words.remark,
                cell: (row) => (row.overridden ? <Badge state="warn">{words.overridden}</Badge> : "–"),
              },
            ]}
          />
        )
      }
    </Read>
  );
}
