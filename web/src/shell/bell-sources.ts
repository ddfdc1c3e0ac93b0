import { api, body } from "../api/client";
import { useSession } from "../api/session";
import { useLiveQuery } from "../live/live";

/** One kind of thing that waits for the person, counted now in its service. */
export interface Waiting {
  readonly id:
    | "recalls"
    | "redFlags"
    | "urgentMessages"
    | "lateMessages"
    | "messages"
    | "callbacks"
    | "tasks"
    | "scans"
    | "loads"
    | "urgentRequests";
  readonly count: number;
  /** Wants somebody now: sound, title. */
  readonly urgent: boolean;
  /** Heard even by who has chosen silence. */
  readonly always: boolean;
  readonly href: string;
}

/** What waits for this person, each kind read from the service that owns it when its events say that it changed. */
export function useWaiting(): readonly Waiting[] {
  return [...useMessages(), ...useDesk(), ...useFloor(), ...useCooperation()].filter(
    (each) => each.count > 0,
  );
}

const one = (
  id: Waiting["id"],
  count: number | undefined,
  href: string,
  { urgent = false, always = false } = {},
): Waiting => ({ id, count: count ?? 0, urgent, always, href });

/** A practitioner's or nurse's own messages. */
function useMessages(): readonly Waiting[] {
  const { session, may } = useSession();
  const own = ["practitioner", "nurse"].includes(session.context?.role ?? "");
  const messages = useLiveQuery({
    queryKey: ["telesecretariat", "messages", "bell"],
    queryFn: () => body(api.GET("/api/telesecretariat/v1/messages", { params: { query: { limit: 100 } } })),
    topics: ["telesecretariat.message_*"],
    atMostEvery: 5_000,
    enabled: own && may("telesecretariat:message.act"),
  });
  const open = (messages.data?.items ?? []).filter((each) =>
    ["sent", "delivered", "read"].includes(each.state),
  );
  const urgent = open.filter((each) => each.urgency === "urgent");
  const late = open.filter((each) => each.overdue && each.urgency !== "urgent");
  return [
    one("urgentMessages", urgent.length, "/practitioner", { urgent: true }),
    one("lateMessages", late.length, "/practitioner"),
    one("messages", open.length - urgent.length - late.length, "/practitioner"),
  ];
}

/** What a desk has to do beside its calls. */
function useDesk(): readonly Waiting[] {
  const { may } = useSession();
  const desk = useLiveQuery({
    queryKey: ["telesecretariat", "desk", "bell"],
    queryFn: () => body(api.GET("/api/telesecretariat/v1/desk")),
    topics: ["telesecretariat.message_*", "telesecretariat.callback_*", "telesecretariat.task_*"],
    atMostEvery: 5_000,
    enabled: may("telesecretariat:call.handle"),
  }).data;
  const urgent = desk?.overdue_messages.filter((each) => each.urgency === "urgent").length ?? 0;
  return [
    one("urgentMessages", urgent, "/desk", { urgent: true }),
    one("lateMessages", (desk?.overdue_messages.length ?? 0) - urgent, "/desk"),
    one("callbacks", desk?.callbacks.length, "/desk"),
    one("tasks", desk?.tasks.length, "/desk"),
  ];
}

/** Red flags on the floor. */
function useFloor(): readonly Waiting[] {
  const { may } = useSession();
  const flags = useLiveQuery({
    queryKey: ["telesecretariat", "red-flags", "bell"],
    queryFn: () => body(api.GET("/api/telesecretariat/v1/red-flags")),
    topics: ["telesecretariat.red_flag_*"],
    urgent: true,
    enabled: may("telesecretariat:floor.supervise"),
  });
  return [one("redFlags", flags.data?.items.length, "/supervision", { urgent: true, always: true })];
}

/** Recalls, and what the sterilisation has to settle. */
function useCooperation(): readonly Waiting[] {
  const { session, may } = useSession();
  const recalls = useLiveQuery({
    queryKey: ["cooperation", "recalls", "bell"],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/recalls", { params: { query: { state: "open", limit: 100 } } })),
    topics: ["cooperation.recall_*"],
    urgent: true,
    enabled: may("cooperation:recall.act"),
  });
  const plant = ["gcs_manager", "sterilisation_agent", "sterilisation_releaser"];
  const board = useLiveQuery({
    queryKey: ["cooperation", "board", "bell"],
    queryFn: () => body(api.GET("/api/cooperation/v1/board")),
    topics: [
      "cooperation.load_decided",
      "cooperation.urgent_request_changed",
      "cooperation.run_stage_changed",
    ],
    atMostEvery: 15_000,
    enabled: may("cooperation:set.read") && plant.includes(session.context?.role ?? ""),
  }).data;
  const open = recalls.data?.items.filter((each) => each.left > 0) ?? [];
  const asked = board?.urgent.filter((each) => each.state === "asked") ?? [];
  return [
    one("recalls", open.length, "/recalls", { urgent: true, always: true }),
    one("urgentRequests", asked.length, "/board", { urgent: true }),
    one("loads", may("cooperation:load.release") ? board?.loads_to_decide : 0, "/release"),
    one("scans", board?.to_settle, "/board"),
  ];
}
