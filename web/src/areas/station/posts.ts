import { api, body, type Schema } from "../../api/client";
import { factOf, keepFact } from "../../scan/queue";

export type Kind = Schema<"cooperation.StationOut">["kind"];

/** A post as a station needs to know it, also without a network. Nothing of a person. */
export interface Post {
  readonly id: string;
  readonly kind: Kind;
  readonly organisation: string;
  readonly machine: string | null;
  readonly machineName: string | null;
  readonly siteName: string;
  readonly device: string;
}

const PINNED = "maillage.station";

/** The post this device stands at. */
export function pinnedPost(): string | null {
  return localStorage.getItem(PINNED);
}

export function pinPost(id: string): void {
  localStorage.setItem(PINNED, id);
}

type Row = { readonly id: string; readonly name: string };
type PageOf<T> = { readonly items: readonly T[]; readonly next_cursor?: string | null };

/** Every row of a short list. */
async function whole<T>(page: (cursor?: string) => Promise<PageOf<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const read = await page(cursor);
    all.push(...read.items);
    cursor = read.next_cursor ?? undefined;
  } while (cursor);
  return all;
}

const after = (cursor?: string) => ({ limit: 100, ...(cursor ? { cursor } : {}) });

/** Posts within reach that have a scanner. */
export async function readPosts(): Promise<readonly Post[]> {
  const [stations, devices, sites, machines] = await Promise.all([
    whole((cursor) => body(api.GET("/api/cooperation/v1/stations", { params: { query: after(cursor) } }))),
    whole((cursor) => body(api.GET("/api/cooperation/v1/devices", { params: { query: after(cursor) } }))),
    whole((cursor) => body(api.GET("/api/cooperation/v1/sites", { params: { query: after(cursor) } }))),
    whole((cursor) => body(api.GET("/api/cooperation/v1/machines", { params: { query: after(cursor) } }))),
  ]);
  const nameOf = (rows: readonly Row[], id: string | null) => rows.find((row) => row.id === id)?.name ?? null;
  return stations.flatMap((station) => {
    const device = devices.find((each) => each.station_id === station.id && !each.retired_at);
    if (!device || station.retired_at) return [];
    return [
      {
        id: station.id,
        kind: station.kind,
        organisation: station.organisation_id,
        machine: station.machine_id,
        machineName: nameOf(machines, station.machine_id),
        siteName: nameOf(sites, station.site_id) ?? "",
        device: device.id,
      },
    ];
  });
}

/** The post as it is, else as this device has kept it. */
export async function readPost(id: string): Promise<Post> {
  try {
    const found = (await readPosts()).find((post) => post.id === id);
    if (found) {
      await keepFact(`post:${id}`, found);
      return found;
    }
  } catch (error) {
    const kept = await keptPost(id);
    if (kept) return kept;
    throw error;
  }
  return await body(
    api.GET("/api/cooperation/v1/stations/{row_id}", { params: { path: { row_id: id } } }),
  ).then(() => {
    throw new NoScanner();
  });
}

/** The post is there, but no scanner is enrolled at it. */
export class NoScanner extends Error {}

export function keptPost(id: string): Promise<Post | undefined> {
  return factOf<Post>(`post:${id}`);
}
