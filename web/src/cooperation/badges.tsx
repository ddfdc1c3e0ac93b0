import type { Schema } from "../api/client";
import { Badge, type State } from "../ui/state";
import { useWords } from "../words/language";
import type { CooperationWords } from "./fr";
import { cooperationWords } from "./words";

export type Stage = keyof CooperationWords["stage"];
type Block = keyof CooperationWords["block"];

const STAGE: Readonly<Record<Stage, State>> = {
  returning: "neutral",
  received: "info",
  washing: "info",
  washed: "info",
  assembled: "info",
  packed: "info",
  sterilising: "info",
  released: "ok",
  used: "neutral",
  aborted: "warn",
};
const NEED: Readonly<Record<keyof CooperationWords["needState"], State>> = {
  covered: "ok",
  arriving: "info",
  at_risk: "warn",
  short: "danger",
};
const URGENT: Readonly<Record<keyof CooperationWords["urgentState"], State>> = {
  asked: "warn",
  promised: "info",
  declined: "danger",
  kept: "ok",
  missed: "danger",
};

export function StageBadge({ stage }: { readonly stage: Stage | null }) {
  const words = useWords(cooperationWords);
  return stage ? (
    <Badge state={STAGE[stage]}>{words.stage[stage]}</Badge>
  ) : (
    <span className="muted">{words.noStage}</span>
  );
}

/** What forbids to touch it, each by its word. */
export function BlockBadges({ blocks }: { readonly blocks: readonly { readonly kind: string }[] }) {
  const words = useWords(cooperationWords);
  return blocks.map(({ kind }) => (
    <Badge key={kind} state={kind === "expired" ? "warn" : "danger"}>
      {words.block[kind as Block] ?? kind}
    </Badge>
  ));
}

export function NeedBadge({ state }: { readonly state: Schema<"cooperation.NeedOut">["state"] }) {
  const words = useWords(cooperationWords);
  return <Badge state={NEED[state]}>{words.needState[state]}</Badge>;
}

export function UrgentBadge({ state }: { readonly state: Schema<"cooperation.UrgentOut">["state"] }) {
  const words = useWords(cooperationWords);
  return <Badge state={URGENT[state]}>{words.urgentState[state]}</Badge>;
}

export function SeverityBadge({ severity }: { readonly severity: string }) {
  const words = useWords(cooperationWords);
  const state = severity === "critical" ? "danger" : severity === "major" ? "warn" : "neutral";
  return <Badge state={state}>{words.severity[severity as "minor"] ?? severity}</Badge>;
}
