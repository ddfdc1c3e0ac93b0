import { lazy } from "react";
import type { ChapterGroup } from "../../records/chapters";
import type { SetupWords } from "./words";

export type { ChapterProps } from "../../records/chapters";

const DIRECTORY = ["appointments:directory.write"];
const SCHEDULES = ["appointments:schedule.write"];
const WORDS = ["telesecretariat:instruction.write"];
const LINES = ["telesecretariat:setup.write"];

/** Chapters by what they are about, most often opened first in each. */
export const CHAPTERS: readonly ChapterGroup<SetupWords>[] = [
  {
    id: "hours",
    name: (w) => w.hours,
    chapters: [
      {
        path: "schedules",
        name: (w) => w.schedules,
        needs: SCHEDULES,
        Screen: lazy(() => import("./hours/schedules")),
      },
      {
        path: "sessions",
        name: (w) => w.sessions,
        needs: SCHEDULES,
        Screen: lazy(() => import("./hours/sessions")),
      },
      {
        path: "absences",
        name: (w) => w.absences,
        needs: SCHEDULES,
        Screen: lazy(() => import("./hours/absences")),
      },
    ],
  },
  {
    id: "centre",
    name: (w) => w.centre,
    chapters: [
      {
        path: "reasons",
        name: (w) => w.reasons,
        needs: DIRECTORY,
        Screen: lazy(() => import("./centre/reasons")),
      },
      {
        path: "practitioners",
        name: (w) => w.practitioners,
        needs: DIRECTORY,
        Screen: lazy(() => import("./centre/practitioners")),
      },
      { path: "sites", name: (w) => w.sites, needs: DIRECTORY, Screen: lazy(() => import("./centre/sites")) },
      { path: "rooms", name: (w) => w.rooms, needs: DIRECTORY, Screen: lazy(() => import("./centre/rooms")) },
      {
        path: "places",
        name: (w) => w.places,
        needs: DIRECTORY,
        Screen: lazy(() => import("./centre/places")),
      },
      {
        path: "organisation",
        name: (w) => w.organisation,
        needs: DIRECTORY,
        Screen: lazy(() => import("./centre/organisation")),
      },
      {
        path: "protocols",
        name: (w) => w.protocols,
        needs: DIRECTORY,
        Screen: lazy(() => import("./centre/protocols")),
      },
    ],
  },
  {
    id: "phone",
    name: (w) => w.phone,
    chapters: [
      {
        path: "instructions",
        name: (w) => w.instructions,
        needs: WORDS,
        Screen: lazy(() => import("./instructions/instructions")),
      },
      {
        path: "red-flags",
        name: (w) => w.redFlags,
        needs: WORDS,
        Screen: lazy(() => import("./instructions/red-flags")),
      },
      { path: "lines", name: (w) => w.lines, needs: LINES, Screen: lazy(() => import("./phone/lines")) },
      {
        path: "calendars",
        name: (w) => w.calendars,
        needs: LINES,
        Screen: lazy(() => import("./phone/calendars")),
      },
      {
        path: "announcements",
        name: (w) => w.announcements,
        needs: LINES,
        Screen: lazy(() => import("./phone/announcements")),
      },
      {
        path: "known-numbers",
        name: (w) => w.knownNumbers,
        needs: LINES,
        Screen: lazy(() => import("./phone/known-numbers")),
      },
      { path: "agents", name: (w) => w.agents, needs: LINES, Screen: lazy(() => import("./phone/agents")) },
      {
        path: "catalogues",
        name: (w) => w.catalogues,
        needs: LINES,
        Screen: lazy(() => import("./phone/catalogues")),
      },
      {
        path: "contract",
        name: (w) => w.contract,
        needs: LINES,
        Screen: lazy(() => import("./phone/contract")),
      },
      {
        path: "adapters",
        name: (w) => w.adapters,
        needs: LINES,
        Screen: lazy(() => import("./phone/adapters")),
      },
    ],
  },
  {
    id: "follow",
    name: (w) => w.follow,
    chapters: [
      {
        path: "reports",
        name: (w) => w.reports,
        needs: ["appointments:report.read"],
        Screen: lazy(() => import("./reports/reports")),
      },
      {
        path: "messages",
        name: (w) => w.messages,
        needs: ["appointments:message.read"],
        Screen: lazy(() => import("./follow/messages")),
      },
      {
        path: "imports",
        name: (w) => w.imports,
        needs: [...DIRECTORY, ...SCHEDULES],
        Screen: lazy(() => import("./imports/imports")),
      },
    ],
  },
];
