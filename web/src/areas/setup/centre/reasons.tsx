import { api, body, type Schema } from "../../../api/client";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { only, type Values } from "../../../records/values";
import { Badge } from "../../../ui/state";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { useReasonGroups } from "./reason-groups";
import { REASONS, type Reason, readReasons } from "./shared";
import { centreWords } from "./words";

type ReasonIn = Schema<"appointments.ReasonIn">;
const MEMBERS =
  "active bookable_by code export_text first_visit instruction instruction_en known_patient_only label max_age max_ahead_days max_live min_age min_gap_days min_notice_minutes modes needs needs_confirmation professions protocol_id public_label public_label_en questions rank sensitive text_after text_after_en text_to_accept unscheduled";

/** Reasons of visits: how long, for whom, who may book them, what the patient is told. */
export default function Reasons({ id }: ChapterProps) {
  const words = useWords(centreWords);
  const all = useWords(setupWords);
  const groups = useReasonGroups();
  const noun: Noun<Reason> = {
    path: "reasons",
    title: all.reasons,
    add: words.addReason,
    addTitle: words.newReason,
    empty: words.noReason,
    queryKey: REASONS,
    read: readReasons,
    name: (row) => row.label,
    inactive: (row) => !row.active,
    columns: [
      {
        id: "length",
        head: words.length,
        number: true,
        cell: (row) => words.minutesOf(row.modes[0]?.minutes ?? 0),
      },
      {
        id: "who",
        head: words.professions,
        cell: (row) => row.professions.map((each) => words[each]).join(", "),
      },
      {
        id: "ages",
        head: words.minAge,
        number: true,
        cell: (row) => (row.min_age === null ? "" : row.min_age),
      },
      {
        id: "online",
        head: words.online,
        cell: (row) =>
          row.bookable_by.includes("public") ? <Badge state="ok">{all.yes}</Badge> : <span>{all.no}</span>,
      },
    ],
    groups: () => groups,
    blank: {
      label: "",
      public_label: "",
      code: "",
      professions: ["physician"],
      modes: [{ mode: "on_site", minutes: 20, first_visit_minutes: null, buffer_minutes: 0 }],
      bookable_by: ["secretariat"],
      first_visit: "any",
      max_ahead_days: 180,
      max_live: 5,
      min_gap_days: 0,
      min_notice_minutes: 0,
      rank: 100,
      needs: [],
      questions: [],
      active: true,
    },
    values: (row) => ({ ...row }),
    create: (values, key) =>
      body(api.POST("/api/appointments/v1/visit-reasons", { body: reasonIn(values), headers: act(key) })),
    change: (row, values, key, version) =>
      body(
        api.PUT("/api/appointments/v1/visit-reasons/{reason_id}", {
          params: { path: { reason_id: row.id } },
          body: reasonIn(values),
          headers: act(key, version),
        }),
      ),
  };
  return <NounScreen noun={noun} id={id} />;
}

const reasonIn = (values: Values) => only(values, MEMBERS) as ReasonIn;
