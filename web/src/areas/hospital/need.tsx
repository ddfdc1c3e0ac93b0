import { useState } from "react";
import { Link } from "wouter";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { NeedBadge, StageBadge } from "../../cooperation/badges";
import { type Names, useNames, useSets } from "../../cooperation/names";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, dayAndTime } from "../../words/time";
import { type Need, useNeed } from "./queries";
import { hospitalWords } from "./words";

/** Its name, or its code until the catalogue is read. */
const nameOf = (names: Names, need: Need) => {
  const name = names.composition(need.composition_id);
  return name === "–" ? need.composition : name;
};

interface Props {
  readonly need: Need;
  readonly writes: boolean;
  readonly onChanged: () => void;
}

/** What one operation needs of one composition: how it stands, by when it must be there, when it is promised. */
export function NeedLine({ need, writes, onChanged }: Props) {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const names = useNames();
  const { data: sets = [] } = useSets();
  const [open, setOpen] = useState(false);
  return (
    <li className="hospital-need">
      <NeedBadge state={need.state} />
      <strong>{`${need.quantity} × ${nameOf(names, need)}`}</strong>
      <span>
        {need.p90
          ? words.promisedFor(dayAndTime(need.p90, language))
          : words.before(dayAndTime(need.deadline, language))}
      </span>
      <span className="row small">
        {need.allocations.map(({ id, run_id: run }) => {
          const set = sets.find((each) => each.run_id === run);
          return (
            <Link key={id} href={set ? `/sets/${set.id}` : "/sets"}>
              {set?.name ?? words.set}
            </Link>
          );
        })}
        {need.used > 0 ? <span className="muted">{words.usedAlready(need.used)}</span> : null}
      </span>
      <Button onClick={() => setOpen(true)}>{words.candidates}</Button>
      {open ? (
        <Candidates need={need} writes={writes} onChanged={onChanged} onClose={() => setOpen(false)} />
      ) : null}
    </li>
  );
}

function Candidates({ need, writes, onChanged, onClose }: Props & { readonly onClose: () => void }) {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const say = useToast();
  const names = useNames();
  const { data: sets = [] } = useSets();
  const query = useNeed(need.id);
  const command = useCommand(
    async ({ run, allocation }: { run: string; allocation: string | undefined }, key) => {
      const headers = { "Idempotency-Key": key };
      if (allocation) {
        await body(
          api.DELETE("/api/cooperation/v1/allocations/{allocation_id}", {
            params: { path: { allocation_id: allocation } },
            headers,
          }),
        );
        return words.freed;
      }
      await body(
        api.POST("/api/cooperation/v1/allocations", { body: { need_id: need.id, run_id: run }, headers }),
      );
      return words.kept;
    },
    (said) => {
      say(said);
      onChanged();
      void query.refetch();
    },
  );
  return (
    <Dialog title={words.candidatesTitle(nameOf(names, need))} onClose={onClose} wide>
      <RefusalStrip refusal={command.refusal} />
      <Read of={query}>
        {(file) =>
          file.candidates.length === 0 ? (
            <Empty>{words.noCandidate}</Empty>
          ) : (
            <DataTable
              caption={words.candidates}
              captionHidden
              rows={file.candidates}
              keyOf={(row) => row.run_id}
              columns={[
                {
                  id: "set",
                  head: words.set,
                  cell: (row) => (
                    <Link href={`/sets/${row.set_id}`}>
                      {sets.find((each) => each.id === row.set_id)?.name ?? words.set}
                    </Link>
                  ),
                },
                { id: "stage", head: words.stage, cell: (row) => <StageBadge stage={row.stage} /> },
                { id: "likely", head: words.likely, cell: (row) => dayAndTime(row.p50, language) },
                { id: "sure", head: words.sure, cell: (row) => dayAndTime(row.p90, language) },
                {
                  id: "expires",
                  head: words.expires,
                  cell: (row) => (row.expires_on ? dateOnly(row.expires_on, language) : "–"),
                },
                {
                  id: "acts",
                  head: words.acts,
                  cell: (row) => {
                    const own = file.allocations.find((each) => each.run_id === row.run_id);
                    if (row.allocated_to && !own) return <Badge>{words.elsewhere}</Badge>;
                    if (!writes || row.stage !== "released") return own ? words.keptHere : "–";
                    return (
                      <Button
                        kind={own ? "plain" : "primary"}
                        busy={command.pending}
                        onClick={() => void command.run({ run: row.run_id, allocation: own?.id })}
                      >
                        {own ? words.free : words.keepFor}
                      </Button>
                    );
                  },
                },
              ]}
            />
          )
        }
      </Read>
    </Dialog>
  );
}
