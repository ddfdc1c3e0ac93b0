import { api, body, type Schema } from "../../../api/client";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { type Group, trimmed, type Values } from "../../../records/values";
import { Badge, type State } from "../../../ui/state";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { Assignments } from "./assignments";
import { AGENTS, type Agent, readAgents } from "./shared";
import { phoneWords } from "./words";

const PRESENCE: Readonly<Record<Agent["presence"], State>> = {
  online: "ok",
  stale: "warn",
  offline: "unknown",
};

/** Who answers: the posts of one's own organisation, and for which centre each works from when to when. */
export default function Agents({ id }: ChapterProps) {
  const words = useWords(phoneWords);
  const all = useWords(setupWords);
  const noun: Noun<Agent> = {
    path: "agents",
    title: all.agents,
    intro: words.agentsIntro,
    add: words.addAgent,
    addTitle: words.newAgent,
    empty: words.noAgent,
    queryKey: AGENTS,
    read: readAgents,
    topics: ["telesecretariat.agent_changed"],
    stays: true,
    name: (row) => row.label,
    inactive: (row) => !row.active,
    columns: [
      {
        id: "presence",
        head: all.state,
        cell: (row) => <Badge state={PRESENCE[row.presence]}>{words.presence[row.presence]}</Badge>,
      },
      { id: "skills", head: words.skillsShort, cell: (row) => row.skills.join(", ") },
      {
        id: "device",
        head: words.device,
        cell: (row) => <span className="mono">{row.device?.address}</span>,
      },
    ],
    groups: (row) => groupsOf(words, row),
    blank: { person_id: "", label: "", skills: [], device: { address: "" }, active: true },
    values: (row) => ({ ...row, device: row.device ?? { address: "" } }),
    create: (values, key) =>
      body(
        api.POST("/api/telesecretariat/v1/agents", {
          body: {
            ...given(values),
            person_id: String(values.person_id).trim(),
          } as Schema<"telesecretariat.AgentSetupIn">,
          headers: act(key),
        }),
      ),
    change: (row, values, key, version) =>
      body(
        api.PATCH("/api/telesecretariat/v1/agents/{agent_id}", {
          params: { path: { agent_id: row.id } },
          body: {
            ...given(values),
            active: Boolean(values.active),
          } as Schema<"telesecretariat.AgentSetupPatch">,
          headers: act(key, version),
        }),
      ),
    beside: (row) => <Assignments agentId={row.id} />,
  };
  return (
    <>
      <NounScreen noun={noun} id={id} />
      {id ? null : <Assignments />}
    </>
  );
}

/** What both making and changing send. What rings is a telephone, unless the desk has already chosen the browser. */
function given(values: Values): Values {
  const device = (values.device ?? {}) as Partial<NonNullable<Agent["device"]>>;
  return {
    label: values.label,
    skills: trimmed(values, ["skills"]).skills,
    device: device.address ? { kind: device.kind ?? "phone", address: device.address } : null,
  };
}

function groupsOf(words: (typeof phoneWords)["fr"], row: Agent | null): readonly Group[] {
  return [
    {
      legend: words.identity,
      fields: [
        {
          kind: "text",
          name: "person_id",
          label: words.person,
          hint: words.personHint,
          required: true,
          when: () => row === null,
        },
        {
          kind: "text",
          name: "label",
          label: words.postLabel,
          hint: words.postHint,
          required: true,
          max: 120,
        },
        { kind: "yes", name: "active", label: words.offered, when: () => row !== null },
      ],
    },
    {
      legend: words.whatAnswers,
      fields: [
        { kind: "lines", name: "skills", label: words.skills, hint: words.skillsHint },
        { kind: "text", name: "device.address", label: words.device, hint: words.deviceHint },
      ],
    },
  ];
}
