import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { act } from "../../../records/read";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../../ui/state";
import { DataTable } from "../../../ui/table";
import { useNow } from "../../../ui/timer";
import { useToast } from "../../../ui/toast";
import { useLanguage, useWords } from "../../../words/language";
import { dateOnly, instantAt, now } from "../../../words/time";
import { ASSIGNMENTS, type Assignment, useAgents, useAssignments, useClients } from "./shared";
import { phoneWords } from "./words";

const EACH_MINUTE = 60_000;

/** Who answers for which centre, from when to when; of one post, or of all. */
export function Assignments({ agentId }: { readonly agentId?: string }) {
  const words = useWords(phoneWords);
  const { language } = useLanguage();
  const list = useAssignments();
  const agents = useAgents().data ?? [];
  const clients = useClients().data ?? [];
  const at = useNow(EACH_MINUTE).getTime();
  const [adding, add] = useState(false);
  const [ending, end] = useState<Assignment | null>(null);
  const who = (id: string) =>
    agents.find((each) => each.id === id)?.label ?? words.agentElsewhere(id.slice(0, 8));
  const over = (row: Assignment) => row.valid_to !== null && Date.parse(row.valid_to) <= at;
  const coming = (row: Assignment) => Date.parse(row.valid_from) > at;
  const own = agents.some((each) => each.active && (!agentId || each.id === agentId));
  return (
    <section className="stack">
      <div className="row spread">
        <h2>{words.assignments}</h2>
        {own ? <Button onClick={() => add(true)}>{words.assign}</Button> : null}
      </div>
      <Read of={list} lines={2}>
        {(all) => {
          const rows = all
            .filter((each) => !agentId || each.agent_id === agentId)
            .sort((one, other) => Number(over(one)) - Number(over(other)));
          if (rows.length === 0) return <Empty>{words.noAssignment}</Empty>;
          return (
            <DataTable
              caption={words.assignments}
              captionHidden
              rows={rows}
              keyOf={(row) => row.id}
              columns={[
                { id: "agent", head: words.agent, cell: (row) => who(row.agent_id) },
                ...(clients.length > 1
                  ? [
                      {
                        id: "client",
                        head: words.client,
                        cell: (row: Assignment) =>
                          clients.find((each) => each.id === row.client_id)?.name ?? "",
                      },
                    ]
                  : []),
                { id: "from", head: words.from, cell: (row) => dateOnly(row.valid_from, language) },
                {
                  id: "to",
                  head: words.until,
                  cell: (row) => (row.valid_to ? dateOnly(row.valid_to, language) : words.open),
                },
                {
                  id: "act",
                  head: <span className="visually-hidden">{words.endNow}</span>,
                  cell: (row) =>
                    over(row) ? (
                      <Badge state="unknown">{words.over}</Badge>
                    ) : (
                      <span className="row">
                        {coming(row) ? <Badge state="info">{words.coming}</Badge> : null}
                        <Button aria-label={words.endOf(who(row.agent_id))} onClick={() => end(row)}>
                          {words.end}
                        </Button>
                      </span>
                    ),
                },
              ]}
            />
          );
        }}
      </Read>
      {adding ? <Assign agentId={agentId} onClose={() => add(false)} /> : null}
      {ending ? <End row={ending} who={who(ending.agent_id)} onClose={() => end(null)} /> : null}
    </section>
  );
}

/** Gives a post the calls of a centre. */
function Assign({
  agentId,
  onClose,
}: {
  readonly agentId: string | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords(phoneWords);
  const toast = useToast();
  const client = useQueryClient();
  const agents = (useAgents().data ?? []).filter((each) => each.active);
  const clients = useClients().data ?? [];
  const assign = useCommand(
    (form: FormData, key) => {
      const [from, to] = [String(form.get("from") ?? ""), String(form.get("to") ?? "")];
      return body(
        api.POST("/api/telesecretariat/v1/agent-assignments", {
          body: {
            agent_id: String(form.get("agent")),
            client_id: String(form.get("client")),
            valid_from: from ? instantAt(from, "00:00") : null,
            valid_to: to ? instantAt(to, "23:59") : null,
          },
          headers: act(key),
        }),
      );
    },
    async () => {
      toast(words.assigned);
      await client.invalidateQueries({ queryKey: ASSIGNMENTS });
      onClose();
    },
  );
  const fault = (name: string) => faultAt(assign.refusal, `/${name}`);
  return (
    <Dialog title={words.assign} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void assign.run(new FormData(event.currentTarget));
        }}
      >
        <SelectField label={words.agent} name="agent" defaultValue={agentId} fault={fault("agent_id")}>
          {agents.map((each) => (
            <option key={each.id} value={each.id}>
              {each.label}
            </option>
          ))}
        </SelectField>
        <SelectField label={words.client} name="client" fault={fault("client_id")}>
          {clients.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </SelectField>
        <TextField
          label={words.from}
          hint={words.fromNow}
          name="from"
          type="date"
          fault={fault("valid_from")}
        />
        <TextField label={words.until} hint={words.noEnd} name="to" type="date" fault={fault("valid_to")} />
        <RefusalStrip refusal={assign.refusal} />
        <div className="foot">
          <Button kind="primary" type="submit" busy={assign.pending}>
            {words.assign}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** At this instant its calls and its live events stop: asked once more. */
function End({
  row,
  who,
  onClose,
}: {
  readonly row: Assignment;
  readonly who: string;
  readonly onClose: () => void;
}) {
  const words = useWords(phoneWords);
  const toast = useToast();
  const client = useQueryClient();
  const end = useCommand(
    (_: null, key) =>
      body(
        api.PATCH("/api/telesecretariat/v1/agent-assignments/{assignment_id}", {
          params: { path: { assignment_id: row.id } },
          body: { valid_to: now().toISOString() },
          headers: act(key, row.version),
        }),
      ),
    async () => {
      toast(words.ended);
      await client.invalidateQueries({ queryKey: ASSIGNMENTS });
      onClose();
    },
  );
  return (
    <Dialog
      title={words.endOf(who)}
      onClose={onClose}
      foot={
        <Button kind="danger" busy={end.pending} onClick={() => void end.run(null)}>
          {words.endNow}
        </Button>
      }
    >
      <p>{words.endText}</p>
      <RefusalStrip refusal={end.refusal} />
    </Dialog>
  );
}
