import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { slotText, useDirectory, useSites } from "../../booking";
import { useLiveQuery } from "../../live/live";
import { usePatient } from "../../patients";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { SelectField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, shortDay } from "../../words/time";
import { useAddress } from "./address";
import { agendaWords } from "./words";

type Entry = Schema<"appointments.EntryOut">;

/** Who waits for a time, in order, with the offer that is open to them now. */
export default function WaitingList() {
  const words = useWords(agendaWords);
  const { site, change } = useAddress();
  const sites = (useSites().data ?? []).filter((each) => each.active);
  const [leaving, setLeaving] = useState<Entry | null>(null);
  const entries = useLiveQuery({
    queryKey: ["appointments", "waiting-entries", site],
    queryFn: async ({ signal }) => {
      const query = { limit: 200, ...(site ? { site } : {}) };
      return (await body(api.GET("/api/appointments/v1/waiting-entries", { params: { query }, signal })))
        .items;
    },
    topics: ["appointments.waiting_changed", "appointments.appointment_*", "appointments.call_*"],
    atMostEvery: 2_000,
  });
  return (
    <>
      <Title>{words.waitingTitle}</Title>
      <div className="agenda-bar">
        <SelectField
          label={words.site}
          value={site}
          onChange={(event) => change({ site: event.target.value })}
        >
          <option value="">{words.allSites}</option>
          {sites.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </SelectField>
      </div>
      <Read of={entries} lines={6}>
        {(items: readonly Entry[]) =>
          items.length === 0 ? (
            <Empty acts={<Link href="/patients">{words.findPatient}</Link>}>{words.nobodyWaits}</Empty>
          ) : (
            <Entries items={items} onLeave={setLeaving} />
          )
        }
      </Read>
      {leaving ? <Withdraw entry={leaving} onClose={() => setLeaving(null)} /> : null}
    </>
  );
}

interface EntriesProps {
  readonly items: readonly Entry[];
  readonly onLeave: (entry: Entry) => void;
}

function Entries({ items, onLeave }: EntriesProps) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const { may } = useSession();
  const { practitionerName, siteName, reasonLabel } = useDirectory();
  const mayWrite = may("appointments:appointment.write");
  const wish = (entry: Entry) =>
    [
      reasonLabel(entry.reason_id),
      entry.site_ids.length ? entry.site_ids.map(siteName).join(", ") : words.anywhere,
      entry.practitioner_ids.length ? entry.practitioner_ids.map(practitionerName).join(", ") : words.anybody,
      words.between(shortDay(entry.from_date, language), shortDay(entry.to_date, language)),
    ].join(" · ");
  return (
    <DataTable
      caption={words.waitingCaption}
      captionHidden
      rows={items}
      keyOf={(each) => each.id}
      columns={[
        { id: "rank", head: words.rank, number: true, cell: (each) => each.rank ?? "" },
        { id: "who", head: words.who, names: true, cell: (each) => <Person id={each.patient_id} /> },
        { id: "wish", head: words.wish, cell: wish },
        {
          id: "offer",
          head: words.offers,
          cell: (each) =>
            each.offer ? (
              <>
                {words.offerOf(slotText(each.offer, language), practitionerName(each.offer.practitioner_id))}{" "}
                <Badge state="info">{words.answerBefore(dayAndTime(each.offer.expires_at, language))}</Badge>
              </>
            ) : each.booked_meanwhile ? (
              <Badge state="warn">{words.bookedMeanwhile}</Badge>
            ) : (
              <span className="muted">
                {words.noOffer}
                {each.offers_sent > 0 ? `, ${words.offersSent(each.offers_sent)}` : ""}
              </span>
            ),
        },
        ...(mayWrite
          ? [{ id: "acts", head: words.acts, cell: (each: Entry) => <Acts entry={each} onLeave={onLeave} /> }]
          : []),
      ]}
    />
  );
}

function Person({ id }: { readonly id: string }) {
  const words = useWords(agendaWords);
  const patient = usePatient(id);
  return <Link href={`/patients/${id}`}>{patient.data?.value.display_name ?? words.patientUnknown}</Link>;
}

function Acts({ entry, onLeave }: { readonly entry: Entry; readonly onLeave: (entry: Entry) => void }) {
  const words = useWords(agendaWords);
  const client = useQueryClient();
  const say = useToast();
  const name = usePatient(entry.patient_id).data?.value.display_name ?? "";
  const whom = <span className="visually-hidden">{words.forPatient(name)}</span>;
  const offer = entry.offer;
  const answer = useCommand(
    async (act: "accept" | "decline", key: string) => {
      const params = { path: { offer_id: offer?.id ?? "" } };
      const headers = { "Idempotency-Key": key };
      if (act === "accept")
        await api.POST("/api/appointments/v1/waiting-offers/{offer_id}/accept", { params, headers });
      else await api.POST("/api/appointments/v1/waiting-offers/{offer_id}/decline", { params, headers });
      return act;
    },
    (act) => {
      void client.invalidateQueries({ queryKey: ["appointments", "waiting-entries"] });
      say(act === "accept" ? words.accepted : words.declined);
    },
  );
  return (
    <>
      <span className="row">
        {offer ? (
          <>
            <Button kind="primary" busy={answer.pending} onClick={() => void answer.run("accept")}>
              {words.accept}
              {whom}
            </Button>
            <Button busy={answer.pending} onClick={() => void answer.run("decline")}>
              {words.decline}
              {whom}
            </Button>
          </>
        ) : null}
        <Button kind="quiet" onClick={() => onLeave(entry)}>
          {words.withdraw}
          {whom}
        </Button>
      </span>
      <RefusalStrip refusal={answer.refusal} />
    </>
  );
}

function Withdraw({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const words = useWords(agendaWords);
  const client = useQueryClient();
  const say = useToast();
  const leave = useCommand(
    async (_: null, key: string) => {
      const params = { path: { entry_id: entry.id } };
      await api.DELETE("/api/appointments/v1/waiting-entries/{entry_id}", {
        params,
        headers: { "Idempotency-Key": key },
      });
      return true;
    },
    () => {
      void client.invalidateQueries({ queryKey: ["appointments", "waiting-entries"] });
      say(words.withdrawn);
      onClose();
    },
  );
  return (
    <Dialog
      title={words.withdrawTitle}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" busy={leave.pending} onClick={() => void leave.run(null)}>
            {words.withdraw}
          </Button>
        </>
      }
    >
      <p>{words.withdrawText}</p>
      <RefusalStrip refusal={leave.refusal} />
    </Dialog>
  );
}
