import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/field";
import { Read, RefusalStrip, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, instantAt } from "../../words/time";
import { CampaignItems } from "./campaign-items";
import { agendaWords } from "./words";

export type Campaign = Schema<"appointments.CampaignOut">;
export type State = keyof Schema<"appointments.Counts">;
export const STATES: readonly State[] = ["todo", "proposed", "to_call", "moved", "cancelled", "kept"];

/** All visits of a campaign, page after page: the sum on screen is of all of them. */
async function readCampaign(id: string, signal: AbortSignal): Promise<Campaign> {
  const read = (cursor: string | null | undefined) =>
    body(
      api.GET("/api/appointments/v1/campaigns/{campaign_id}", {
        params: { path: { campaign_id: id }, query: { limit: 500, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    );
  let page = await read(null);
  const items = [...page.items];
  while (page.next_cursor) {
    page = await read(page.next_cursor);
    items.push(...page.items);
  }
  return { ...page, items };
}

/** Where each visit of an absence, a closure or a change goes: left and taken up again at any time. */
export default function CampaignScreen({ id }: { readonly id: string }) {
  const words = useWords(agendaWords);
  const campaign = useLiveQuery({
    queryKey: ["appointments", "campaign", id],
    queryFn: ({ signal }) => readCampaign(id, signal),
    topics: ["appointments.campaign_changed", "appointments.appointment_*", "appointments.call_*"],
    atMostEvery: 1_000,
  });
  return (
    <>
      <div className="row spread">
        <Title>{words.campaignTitle}</Title>
        <Link href="/agenda/absences">{words.back}</Link>
      </div>
      <Read of={campaign} lines={8}>
        {(data) => <Board campaign={data} />}
      </Read>
    </>
  );
}

function Board({ campaign }: { readonly campaign: Campaign }) {
  const words = useWords(agendaWords);
  const { language } = useLanguage();
  const [only, setOnly] = useState<State | null>(null);
  const [sending, setSending] = useState(false);
  const client = useQueryClient();
  const parts = STATES.filter((each) => campaign.counts[each] > 0).map(
    (each) => `${campaign.counts[each]} ${words.item[each]}`,
  );
  const prepare = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/campaigns/{campaign_id}/prepare", {
          params: { path: { campaign_id: campaign.id } },
          headers: { "Idempotency-Key": key, "If-Match": `"${campaign.version}"` },
        }),
      ),
    () => void client.invalidateQueries({ queryKey: ["appointments", "campaign", campaign.id] }),
  );
  const draft = campaign.state === "draft";
  return (
    <>
      <p className="agenda-sum" role="status">
        {words.cause[campaign.cause]} : {words.sum(parts, campaign.size)}
      </p>
      <Strip
        state={campaign.state === "closed" ? "ok" : draft ? "warn" : "info"}
        acts={
          draft ? (
            <span className="row">
              {campaign.counts.todo > 0 ? (
                <Button busy={prepare.pending} onClick={() => void prepare.run(null)}>
                  {words.prepareAgain}
                </Button>
              ) : null}
              <Button kind="primary" onClick={() => setSending(true)}>
                {words.sendAll(campaign.counts.todo)}
              </Button>
            </span>
          ) : null
        }
      >
        {draft
          ? words.draftText
          : campaign.state === "closed"
            ? words.closedText
            : words.sentText(campaign.deadline ? dayAndTime(campaign.deadline, language) : "")}{" "}
        {campaign.state === "closed" ? null : words.leave}
      </Strip>
      <RefusalStrip refusal={prepare.refusal} />
      <fieldset className="agenda-counts-row">
        <legend className="visually-hidden">{words.filter}</legend>
        <Button aria-pressed={only === null} onClick={() => setOnly(null)}>
          {words.all} {campaign.size}
        </Button>
        {STATES.map((each) => (
          <Button key={each} aria-pressed={only === each} onClick={() => setOnly(each)}>
            {words.item[each]} {campaign.counts[each]}
          </Button>
        ))}
      </fieldset>
      <CampaignItems
        items={campaign.items.filter((each) => only === null || each.state === only)}
        draft={draft}
      />
      {sending ? <Send campaign={campaign} onClose={() => setSending(false)} /> : null}
    </>
  );
}

function Send({ campaign, onClose }: { readonly campaign: Campaign; readonly onClose: () => void }) {
  const words = useWords(agendaWords);
  const say = useToast();
  const client = useQueryClient();
  const [deadline, setDeadline] = useState("");
  const send = useCommand(
    (_: null, key: string) =>
      body(
        api.POST("/api/appointments/v1/campaigns/{campaign_id}/send", {
          params: { path: { campaign_id: campaign.id } },
          body: deadline ? { deadline: instantAt(deadline.slice(0, 10), deadline.slice(11, 16)) } : {},
          headers: { "Idempotency-Key": key, "If-Match": `"${campaign.version}"` },
        }),
      ),
    () => {
      void client.invalidateQueries({ queryKey: ["appointments", "campaign", campaign.id] });
      say(words.sent);
      onClose();
    },
  );
  return (
    <Dialog
      title={words.sendAllTitle}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" busy={send.pending} onClick={() => void send.run(null)}>
            {words.sendAll(campaign.counts.todo)}
          </Button>
        </>
      }
    >
      <p>{words.sendAllText}</p>
      <TextField
        label={words.deadline}
        hint={words.deadlineHint}
        type="datetime-local"
        value={deadline}
        onChange={(event) => setDeadline(event.target.value)}
      />
      <RefusalStrip refusal={send.refusal} />
    </Dialog>
  );
}
