import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { ShellWords } from "./shell/words";

export interface Area {
  /** Below `/console/`. */
  readonly path: string;
  /** As who has this role calls it. */
  readonly name: (words: ShellWords, role?: string) => string;
  /** One of these permissions opens it; none named: everybody who is signed in. */
  readonly needs: readonly string[];
  /** Only for these roles, where a permission alone says too little. */
  readonly roles?: readonly string[];
  /** Kinds of organisation for which it holds nothing: a health centre's manager owns no sets. */
  readonly exceptKinds?: readonly string[];
  readonly Screen: LazyExoticComponent<ComponentType>;
  /** Full screen, without the frame: stations, the wall. */
  readonly bare?: boolean;
  /** Reached from elsewhere, not named in the menu. */
  readonly unlisted?: boolean;
}

const STERILISATION = ["sterilisation_agent", "sterilisation_releaser", "gcs_manager"];
const WITHOUT_SETS = ["health_centre"];
const MEMBER = ["manager", "theatre_agent", "hygiene", "clinician"];

/**
 * Areas in the order of the menu; the first that a person may open is her home. Each is a file of its own in the build,
 * loaded when it is opened. What is inside is asked of the services again: this only decides what is offered.
 */
export const AREAS: readonly Area[] = [
  {
    // Small, and a window of its own: it outlives the desk's.
    path: "desk/softphone",
    name: (w) => w.desk,
    needs: ["telesecretariat:call.handle"],
    Screen: lazy(() => import("./areas/desk/softphone-window")),
    bare: true,
    unlisted: true,
  },
  {
    path: "desk",
    name: (w) => w.desk,
    needs: ["telesecretariat:call.handle"],
    Screen: lazy(() => import("./areas/desk")),
  },
  {
    path: "practitioner",
    name: (w) => w.practitioner,
    needs: ["telesecretariat:message.act"],
    roles: ["practitioner", "nurse"],
    Screen: lazy(() => import("./areas/practitioner")),
  },
  {
    path: "agenda",
    name: (w) => w.agenda,
    needs: ["appointments:appointment.read"],
    Screen: lazy(() => import("./areas/agenda")),
  },
  {
    path: "patients",
    name: (w) => w.patients,
    needs: ["appointments:patient.read"],
    Screen: lazy(() => import("./areas/patients")),
  },
  {
    path: "supervision/wall",
    name: (w) => w.wall,
    needs: ["telesecretariat:floor.watch", "telesecretariat:floor.supervise"],
    Screen: lazy(() => import("./areas/supervision/wall")),
    bare: true,
    unlisted: true,
  },
  {
    path: "supervision",
    name: (w) => w.supervision,
    needs: ["telesecretariat:floor.supervise", "telesecretariat:report.read"],
    roles: ["supervisor", "manager", "ars_officer"],
    Screen: lazy(() => import("./areas/supervision")),
  },
  {
    path: "station",
    name: (w) => w.station,
    needs: ["cooperation:scan.write"],
    Screen: lazy(() => import("./areas/station")),
    bare: true,
  },
  {
    path: "release",
    name: (w) => w.release,
    needs: ["cooperation:load.release"],
    Screen: lazy(() => import("./areas/release")),
  },
  {
    path: "hospital",
    // A supplier follows his loans there.
    name: (w, role) => (role === "supplier" ? w.loans : w.hospital),
    needs: ["cooperation:set.read"],
    // A supplier follows the sets that he lends.
    roles: [...MEMBER, "supplier"],
    exceptKinds: WITHOUT_SETS,
    Screen: lazy(() => import("./areas/hospital")),
  },
  {
    path: "sets",
    name: (w) => w.sets,
    needs: ["cooperation:set.read"],
    roles: [...STERILISATION, ...MEMBER],
    exceptKinds: WITHOUT_SETS,
    Screen: lazy(() => import("./areas/sets")),
  },
  {
    path: "recalls",
    name: (w) => w.recalls,
    needs: ["cooperation:set.read"],
    exceptKinds: WITHOUT_SETS,
    Screen: lazy(() => import("./areas/recalls")),
  },
  {
    path: "board",
    name: (w) => w.board,
    needs: ["cooperation:set.read"],
    roles: [...STERILISATION, "logistics_agent"],
    Screen: lazy(() => import("./areas/board")),
  },
  {
    path: "plant",
    name: (w) => w.plant,
    needs: ["cooperation:setup.write"],
    Screen: lazy(() => import("./areas/plant")),
  },
  {
    path: "setup",
    name: (w) => w.setup,
    needs: [
      "appointments:directory.write",
      "appointments:schedule.write",
      "telesecretariat:setup.write",
      "telesecretariat:instruction.write",
    ],
    Screen: lazy(() => import("./areas/setup")),
  },
  {
    path: "admin",
    name: (w) => w.admin,
    needs: ["gateway:account.write", "gateway:audit.read"],
    Screen: lazy(() => import("./areas/admin")),
  },
  {
    path: "transport",
    name: (w) => w.transport,
    needs: ["cooperation:transport.act"],
    roles: ["gcs_manager", "logistics_agent"],
    Screen: lazy(() => import("./areas/transport")),
  },
  {
    path: "connection",
    name: (w) => w.connectionArea,
    needs: ["gateway:client.write"],
    Screen: lazy(() => import("./areas/connection")),
  },
  {
    path: "account",
    name: (w) => w.account,
    needs: [],
    Screen: lazy(() => import("./shell/account")),
    unlisted: true,
  },
  {
    path: "accessibility",
    name: (w) => w.accessibilityPage,
    needs: [],
    Screen: lazy(() => import("./shell/accessibility")),
    unlisted: true,
  },
  // Every component in its states, for who builds screens: in development, or asked for by `?pieces`.
  ...(import.meta.env.DEV || window.location.search.includes("pieces")
    ? [
        {
          path: "_ui",
          name: () => "ui",
          needs: [],
          Screen: lazy(() => import("./shell/pieces")),
          unlisted: true,
        },
      ]
    : []),
];

/** A station that was opened without a network, before it is known who is there. */
export const OfflineStation = lazy(() => import("./areas/station/offline"));

/** What somebody may open. */
export function areasOf(
  permissions: Readonly<Record<string, string>>,
  role: string | undefined,
  kind?: string,
): readonly Area[] {
  return AREAS.filter(
    (area) =>
      (area.needs.length === 0 || area.needs.some((name) => name in permissions)) &&
      (!area.roles || (role !== undefined && area.roles.includes(role))) &&
      !(kind !== undefined && area.exceptKinds?.includes(kind)),
  );
}
