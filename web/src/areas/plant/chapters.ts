import { lazy } from "react";
import type { ChapterGroup } from "../../records/chapters";
import type { PlantWords } from "./words";

const needs = ["cooperation:setup.write"];

/** Chapters by what they are about; those that change while one works stand first. */
export const CHAPTERS: readonly ChapterGroup<PlantWords>[] = [
  {
    id: "sets",
    name: (w) => w.setsGroup,
    chapters: [
      { path: "sets", name: (w) => w.sets, needs, Screen: lazy(() => import("./sets")) },
      { path: "import", name: (w) => w.importing, needs, Screen: lazy(() => import("./import")) },
      { path: "instruments", name: (w) => w.instruments, needs, Screen: lazy(() => import("./instruments")) },
      {
        path: "compositions",
        name: (w) => w.compositions,
        needs,
        Screen: lazy(() => import("./compositions")),
      },
      { path: "models", name: (w) => w.models, needs, Screen: lazy(() => import("./models")) },
      { path: "packagings", name: (w) => w.packagings, needs, Screen: lazy(() => import("./packagings")) },
    ],
  },
  {
    id: "workshop",
    name: (w) => w.workshop,
    chapters: [
      { path: "stations", name: (w) => w.stations, needs, Screen: lazy(() => import("./stations")) },
      { path: "devices", name: (w) => w.devices, needs, Screen: lazy(() => import("./devices")) },
      { path: "machines", name: (w) => w.machines, needs, Screen: lazy(() => import("./machines")) },
      { path: "programmes", name: (w) => w.programmes, needs, Screen: lazy(() => import("./programmes")) },
      { path: "signatories", name: (w) => w.signatories, needs, Screen: lazy(() => import("./signatories")) },
    ],
  },
  {
    id: "network",
    name: (w) => w.network,
    chapters: [
      { path: "members", name: (w) => w.members, needs, Screen: lazy(() => import("./members")) },
      { path: "sites", name: (w) => w.sites, needs, Screen: lazy(() => import("./sites")) },
      { path: "places", name: (w) => w.places, needs, Screen: lazy(() => import("./places")) },
      { path: "roads", name: (w) => w.roads, needs, Screen: lazy(() => import("./roads")) },
      { path: "group", name: (w) => w.group, needs, Screen: lazy(() => import("./group")) },
    ],
  },
  {
    id: "carrying",
    name: (w) => w.carrying,
    chapters: [
      { path: "crates", name: (w) => w.crates, needs, Screen: lazy(() => import("./crates")) },
      { path: "vehicles", name: (w) => w.vehicles, needs, Screen: lazy(() => import("./vehicles")) },
      { path: "flows", name: (w) => w.flows, needs, Screen: lazy(() => import("./flows")) },
    ],
  },
];
