import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { MoveDialog, slotText, useDirectory } from "../../booking";
import { usePatient } from "../../patients";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip, type State as Shape } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { agendaWords } from "./words";

type Item = Schema<"appointments.ItemOut">;
const OPEN: readonly Item["state"][] = ["todo", "proposed", "to_call"];
const SHAPES: Readonly<Record<Item["state"], Shape>> = {
  todo: "unknown",
  proposed: "info",
  to_call: "danger",
  moved: "ok",
  cancelled: "neutral",
  kept: "ok",
};

/** Every visit with its planned and its other time, and what settles it; nothing is cancelled but by name. */
export function CampaignItems({
  items,
  draft,
}: {
  readonly items: readonly Item[];
  readonly draft: boolean;
}) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const { practitionerName, siteName } = useDirectory();
  const [moving, setMoving] = useState<Item | null>(null);
  const [ending, setEnding] = useState<Item | null>(null);
  if (items.length === 0) return <Empty>{words.nothingHere}</Empty>;
  const place = (at: { practitioner_id: string; site_id: string }) =>
    [practitionerName(at.practitioner_id), siteName(at.site_id)].filter(Boolean).join(", ");
  return (
    <>
      <DataTable
        caption={words.itemCaption}
        rows={items}
        keyOf={(each) => each.id}
        columns={[
          { id: "who", head: words.who, cell: (each) => <Person id={each.patient_id} /> },
          {
            id: "state",
            head: words.state,
            cell: (each) => <Badge state={SHAPES[each.state]}>{words.itemOne[each.state]}</Badge>,
          },
          {
            id: "old",
            head: words.oldTime,
            cell: (each) => (
              <>
                {slotText(each, language)} <span className="small muted">{place(each)}</span>
              </>
            ),
          },
          {
            id: "new",
            head: words.newTime,
            cell: (each) =>
              each.proposal ? (
                <>
                  {slotText(each.proposal, language)}{" "}
                  <span className="small muted">{place(each.proposal)}</span>
                </>
              ) : OPEN.includes(each.state) ? (
                <span className="muted">{words.noProposal}</span>
              ) : null,
          },
          {
            id: "acts",
            head: words.acts,
            cell: (each) =>
              OPEN.includes(each.state) ? (
                <Acts
                  item={each}
                  draft={draft}
                  onMove={() => setMoving(each)}
                  onEnd={() => setEnding(each)}
                />
              ) : null,
          },
        ]}
      />
      {moving ? <Elsewhere item={moving} onClose={() => setMoving(null)} /> : null}
      {ending ? <GiveUp item={ending} onClose={() => setEnding(null)} /> : null}
    </>
  );
}

function Person({ id }: { readonly id: string }) {
  const words = useWords(agendaWords);
  const patient = usePatient(id);
  return <Link href={`/patients/${id}`}>{patient.data?.value.display_name ?? words.patientUnknown}</Link>;
}

/** What settles one visit, decided against the version that was seen. */
function useResolve(item: Item, onDone: () => void) {
  const client = useQueryClient();
  const words = useWords(agendaWords);
  const say = useToast();
  return useCommand(
    (settled: Schema<"appointments.ResolveIn">, key: string) =>
      body(
        api.POST("/api/appointments/v1/campaigns/items/{item_id}/resolve", {
          params: { path: { item_id: item.id } },
          body: settled,
          headers: { "Idempotency-Key": key, "If-Match": `"${item.version}"` },
        }),
      ),
    () => {
      void client.invalidateQueries({ queryKey: ["appointments", "campaign", item.campaign_id] });
      say(words.settled);
      onDone();
    },
  );
}

interface ActsProps {
  readonly item: Item;
  readonly draft: boolean;
  readonly onMove: () => void;
  readonly onEnd: () => void;
}

function Acts({ item, onMove, onEnd }: ActsProps) {
  const words = useWords(agendaWords);
  const resolve = useResolve(item, () => {});
  const name = usePatient(item.patient_id).data?.value.display_name ?? "";
  const whom = <span className="visually-hidden">{words.forPatient(name)}</span>;
  return (
    <>
      <span className="row">
        {item.proposal ? (
          <Button busy={resolve.pending} onClick={() => void resolve.run({ outcome: "moved" })}>
            {words.takeProposal}
            {whom}
          </Button>
        ) : null}
        <Button kind="quiet" onClick={onMove}>
          {words.elsewhere}
          {whom}
        </Button>
        <Button kind="quiet" busy={resolve.pending} onClick={() => void resolve.run({ outcome: "kept" })}>
          {words.keep}
          {whom}
        </Button>
        <Button kind="quiet" onClick={onEnd}>
          {words.giveUp}
          {whom}
        </Button>
      </span>
      <RefusalStrip refusal={resolve.refusal} />
    </>
  );
}

/** Another time than the proposed one: the same dialog as everywhere; the campaign hears of the move. */
function Elsewhere({ item, onClose }: { readonly item: Item; readonly onClose: () => void }) {
  const words = useWords(agendaWords);
  const say = useToast();
  const client = useQueryClient();
  const path = { appointment_id: item.appointment_id };
  const appointment = useQuery({
    queryKey: ["appointments", "appointment", item.appointment_id, item.appointment_version],
    queryFn: ({ signal }) =>
      body(api.GET("/api/appointments/v1/appointments/{appointment_id}", { params: { path }, signal })),
  });
  if (!appointment.data) {
    return (
      <Dialog title={words.elsewhere} onClose={onClose}>
        <Read of={appointment}>{() => null}</Read>
      </Dialog>
    );
  }
  return (
    <MoveDialog
      appointment={appointment.data}
      onClose={onClose}
      onMoved={() => {
        void client.invalidateQueries({ queryKey: ["appointments", "campaign", item.campaign_id] });
        say(words.moved);
        onClose();
      }}
    />
  );
}

function GiveUp({ item, onClose }: { readonly item: Item; readonly onClose: () => void }) {
  const words = useWords(agendaWords);
  const [why, setWhy] = useState("");
  const resolve = useResolve(item, onClose);
  const name = usePatient(item.patient_id).data?.value.display_name ?? "";
  return (
    <Dialog
      title={words.giveUpTitle}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.leaveIt}</Button>
          <Button
            kind="danger"
            busy={resolve.pending}
            onClick={() =>
              void resolve.run({ outcome: "cancelled", ...(why.trim() ? { reason: why.trim() } : {}) })
            }
          >
            {words.confirmGiveUp}
          </Button>
        </>
      }
    >
      <p>
        <strong>{name}</strong>
      </p>
      <p>{words.giveUpText}</p>
      <TextField
        label={words.giveUpWhy}
        maxLength={280}
        value={why}
        onChange={(event) => setWhy(event.target.value)}
      />
      <RefusalStrip refusal={resolve.refusal} />
    </Dialog>
  );
}
