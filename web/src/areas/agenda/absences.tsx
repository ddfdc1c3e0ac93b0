import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useDirectory } from "../../booking";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly, timeOfDay } from "../../words/time";
import { Declare } from "./declare";
import { agendaWords } from "./words";

type Absence = Schema<"appointments.AbsenceOut">;
type Closure = Schema<"appointments.ClosureOut">;
type Campaign = Schema<"appointments.CampaignItem">;

/** Who is away, which sites are closed, and where the visits that this touched have gone so far. */
export default function Absences() {
  const words = useWords(agendaWords);
  const [declaring, setDeclaring] = useState<"absence" | "closure" | null>(null);
  return (
    <>
      <div className="row spread">
        <Title>{words.absencesTitle}</Title>
        <div className="row">
          <Button onClick={() => setDeclaring("closure")}>{words.closeSite}</Button>
          <Button kind="primary" onClick={() => setDeclaring("absence")}>
            {words.declare}
          </Button>
        </div>
      </div>
      <Campaigns />
      <Away />
      <Closed />
      {declaring ? <Declare what={declaring} onClose={() => setDeclaring(null)} /> : null}
    </>
  );
}

function usePeriod() {
  const { language } = useLanguage();
  return (instant: string) => `${dateOnly(instant, language)}, ${timeOfDay(instant, language)}`;
}

function Campaigns() {
  const words = useWords(agendaWords);
  const at = usePeriod();
  const campaigns = useLiveQuery({
    queryKey: ["appointments", "campaigns"],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/appointments/v1/campaigns", { params: { query: { limit: 50 } }, signal })))
        .items,
    topics: ["appointments.campaign_changed", "appointments.absence_changed"],
    atMostEvery: 2_000,
  });
  return (
    <Read of={campaigns} lines={3}>
      {(items: readonly Campaign[]) => {
        const open = items.filter((each) => each.state !== "closed");
        return open.length === 0 ? (
          <p className="muted">{words.noCampaign}</p>
        ) : (
          <DataTable
            caption={words.campaigns}
            rows={open}
            keyOf={(each) => each.id}
            columns={[
              { id: "cause", head: words.kind, cell: (each) => words.cause[each.cause] },
              { id: "made", head: words.made, cell: (each) => at(each.created_at) },
              {
                id: "state",
                head: words.state,
                cell: (each) => (
                  <Badge state={each.state === "draft" ? "warn" : "info"}>
                    {words.campaignState[each.state]}
                  </Badge>
                ),
              },
              {
                id: "progress",
                head: words.progress,
                cell: (each) => {
                  const { moved, cancelled, kept } = each.counts;
                  return words.settledOf(moved + cancelled + kept, each.size);
                },
              },
              {
                id: "acts",
                head: words.acts,
                cell: (each) => <Link href={`/agenda/campaigns/${each.id}`}>{words.resume}</Link>,
              },
            ]}
          />
        );
      }}
    </Read>
  );
}

function Away() {
  const words = useWords(agendaWords);
  const at = usePeriod();
  const { practitionerName } = useDirectory();
  const [lifting, setLifting] = useState<Absence | null>(null);
  const absences = useLiveQuery({
    queryKey: ["appointments", "absences"],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/appointments/v1/absences", { params: { query: { limit: 200 } }, signal })))
        .items,
    topics: ["appointments.absence_changed"],
  });
  return (
    <Read of={absences}>
      {(items: readonly Absence[]) =>
        items.length === 0 ? (
          <Empty>{words.noAbsence}</Empty>
        ) : (
          <>
            <DataTable
              caption={words.absencesCaption}
              rows={items}
              keyOf={(each) => each.id}
              columns={[
                {
                  id: "who",
                  head: words.practitioner,
                  cell: (each) => practitionerName(each.practitioner_id),
                },
                { id: "from", head: words.from, cell: (each) => at(each.start) },
                { id: "to", head: words.to, cell: (each) => at(each.end) },
                { id: "kind", head: words.kind, cell: (each) => words.kinds[each.kind] },
                {
                  id: "acts",
                  head: words.acts,
                  cell: (each) => (
                    <span className="row">
                      <Prepare cause="absence" id={each.id} />
                      {each.kind === "rest" ? (
                        <span className="small muted">{words.restIsLaw}</span>
                      ) : (
                        <Button kind="quiet" onClick={() => setLifting(each)}>
                          {words.lift}
                        </Button>
                      )}
                    </span>
                  ),
                },
              ]}
            />
            {lifting ? <Lift what="absence" id={lifting.id} onClose={() => setLifting(null)} /> : null}
          </>
        )
      }
    </Read>
  );
}

function Closed() {
  const words = useWords(agendaWords);
  const at = usePeriod();
  const { siteName } = useDirectory();
  const [lifting, setLifting] = useState<Closure | null>(null);
  const closures = useLiveQuery({
    queryKey: ["appointments", "closures"],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/appointments/v1/closures", { params: { query: { limit: 200 } }, signal })))
        .items,
    topics: ["appointments.availability_changed"],
    atMostEvery: 5_000,
  });
  return (
    <Read of={closures}>
      {(items: readonly Closure[]) =>
        items.length === 0 ? (
          <p className="muted">{words.noClosure}</p>
        ) : (
          <>
            <DataTable
              caption={words.closuresCaption}
              rows={items}
              keyOf={(each) => each.id}
              columns={[
                { id: "site", head: words.site, cell: (each) => siteName(each.site_id) },
                { id: "from", head: words.from, cell: (each) => at(each.start) },
                { id: "to", head: words.to, cell: (each) => at(each.end) },
                {
                  id: "acts",
                  head: words.acts,
                  cell: (each) => (
                    <span className="row">
                      <Prepare cause="closure" id={each.id} />
                      <Button kind="quiet" onClick={() => setLifting(each)}>
                        {words.reopen}
                      </Button>
                    </span>
                  ),
                },
              ]}
            />
            {lifting ? <Lift what="closure" id={lifting.id} onClose={() => setLifting(null)} /> : null}
          </>
        )
      }
    </Read>
  );
}

/** Opens the campaign of a cause: a new draft, or the one that has its visits already. */
function Prepare({ cause, id }: { readonly cause: "absence" | "closure"; readonly id: string }) {
  const words = useWords(agendaWords);
  const [, go] = useLocation();
  const make = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/campaigns", {
          body: { cause, cause_id: id, send: false },
          headers: { "Idempotency-Key": key },
        }),
      ),
    (made) => go(`/agenda/campaigns/${made.id}`),
  );
  const known = make.refusal?.more.campaign_id;
  if (typeof known === "string") return <Link href={`/agenda/campaigns/${known}`}>{words.resume}</Link>;
  return (
    <>
      <Button busy={make.pending} onClick={() => void make.run(null)}>
        {words.prepare}
      </Button>
      {make.refusal ? <span className="small">{make.refusal.detail}</span> : null}
    </>
  );
}

function Lift(props: {
  readonly what: "absence" | "closure";
  readonly id: string;
  readonly onClose: () => void;
}) {
  const words = useWords(agendaWords);
  const say = useToast();
  const client = useQueryClient();
  const absence = props.what === "absence";
  const lift = useCommand(
    async (_: null, key: string) => {
      const headers = { "Idempotency-Key": key };
      if (absence) {
        const path = { absence_id: props.id };
        await api.DELETE("/api/appointments/v1/absences/{absence_id}", { params: { path }, headers });
      } else {
        const path = { closure_id: props.id };
        await api.DELETE("/api/appointments/v1/closures/{closure_id}", { params: { path }, headers });
      }
      return true;
    },
    () => {
      void client.invalidateQueries({ queryKey: ["appointments", absence ? "absences" : "closures"] });
      say(words.lifted);
      props.onClose();
    },
  );
  return (
    <Dialog
      title={absence ? words.liftTitle : words.reopenTitle}
      onClose={props.onClose}
      foot={
        <>
          <Button onClick={props.onClose}>{words.cancel}</Button>
          <Button kind="primary" busy={lift.pending} onClick={() => void lift.run(null)}>
            {absence ? words.lift : words.reopen}
          </Button>
        </>
      }
    >
      <p>{words.liftText}</p>
      <RefusalStrip refusal={lift.refusal} />
    </Dialog>
  );
}
