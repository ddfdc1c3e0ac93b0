import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { api, body, type Schema } from "../api/client";
import { Refusal } from "../api/refusal";
import { clockGap, now } from "../words/time";
import {
  answered,
  batchOf,
  type Item,
  openOf,
  renumbered,
  type Said,
  type ScanResult,
  settled,
  unanswered,
} from "./queue-model";

/** Where scans are kept: the browser's base, or a list in a test. `add` gives the item its place in the order. */
export interface Store {
  readonly all: () => Promise<readonly Item[]>;
  readonly add: (item: Omit<Item, "id">) => Promise<Item>;
  readonly put: (items: readonly Item[]) => Promise<void>;
  readonly drop: (ids: readonly number[]) => Promise<void>;
}

export type Send = (batch: Schema<"cooperation.ScanBatch">) => Promise<Schema<"cooperation.ScanAnswers">>;

const AGAIN_MS = 4_000;
/** Ended scans that a station still shows or compares with. */
const KEPT = 200;

/**
 * The scans of one device: kept before anything is said of them, sent in order, one batch at a time. It outlives the
 * screens: they listen to it.
 */
export class ScanQueue {
  items: readonly Item[] = [];
  /** Why sending stands still, other than for want of an answer. */
  stopped: Refusal | null = null;
  private next = 1;
  /** The server has said what it expects, and nothing has been left without an answer since. */
  private sure = false;
  private running: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly waiting = new Map<number, (item: Item) => void>();

  constructor(
    readonly device: string,
    private readonly store: Store,
    private readonly send: Send,
    private readonly readNext: () => Promise<number>,
  ) {}

  async open(): Promise<void> {
    this.items = (await this.store.all()).filter((item) => item.device === this.device);
    // What was under way when the tab was closed has no answer here.
    const cut = this.items.filter((item) => item.state === "sent" || item.state === "captured");
    await this.keep(cut.map((item) => ({ ...item, state: "waiting", offline: true })));
    const numbers = this.items.map((item) => item.seq ?? 0);
    this.next = Math.max(0, ...numbers) + 1;
    void this.flush();
  }

  get open_(): readonly Item[] {
    return openOf(this.items, this.device);
  }

  /** Kept, then sent. The promise is there when it is kept: only then may it be said that it was read. */
  async capture(station: string, code: string, said: Said, more: Partial<Item> = {}): Promise<Item> {
    const item = await this.store.add({
      device: this.device,
      station,
      code,
      said,
      scanned_at: new Date().toISOString(),
      state: "captured",
      seq: null,
      offline: false,
      ...more,
    });
    this.items = [...this.items, item];
    this.tell();
    void this.flush();
    return item;
  }

  /** The item once the server has answered, or once it is known that it does not for now. */
  answerTo(item: Item): Promise<Item> {
    const known = this.items.find((each) => each.id === item.id);
    if (known && known.state !== "captured" && known.state !== "sent") return Promise.resolve(known);
    return new Promise((done) => this.waiting.set(item.id, done));
  }

  /** Sends what is open; while it runs a second call waits with it. */
  flush(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** What the manager has settled at the server is settled here. */
  async settle(unsettled: ReadonlySet<number>): Promise<void> {
    await this.keep(settled(this.items, this.device, unsettled));
  }

  /** The stop of a scan was answered by the person at the station. */
  async acknowledge(item: Item): Promise<void> {
    const now = this.items.find((each) => each.id === item.id) ?? item;
    await this.keep([{ ...now, acknowledged: true }]);
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async run(): Promise<void> {
    this.stopped = null;
    let most: number | undefined;
    while (this.open_.length > 0) {
      const never = this.open_.every((item) => item.seq === null);
      if (never && !this.sure) this.next = await this.known();
      const batch = batchOf(this.items, this.device, this.next, most);
      await this.keep(batch);
      const verdict = await this.attempt(batch, most === 1);
      if (verdict === "again") continue;
      if (verdict === "singly") most = 1;
      else if (verdict === "over") break;
      else if (this.open_.length === 0) most = undefined;
    }
    await this.prune();
  }

  private async attempt(
    batch: readonly Item[],
    single: boolean,
  ): Promise<"done" | "again" | "singly" | "over"> {
    try {
      const scans = batch.map((item) => ({
        seq: item.seq as number,
        code: item.code,
        scanned_at: new Date(Date.parse(item.scanned_at) + clockGap()).toISOString(),
        ...item.said,
      }));
      const first = batch[0] as Item;
      const sent = {
        device_id: this.device,
        station_id: first.station,
        // Both by the server's clock, as far as it is known here: a device that is days off is not refused for it.
        sent_at: now().toISOString(),
        scans: scans as Schema<"cooperation.ScanIn">[],
      };
      const answers = await this.send(sent);
      this.next = answers.next_seq;
      this.sure = true;
      await this.keep(answered(batch, answers.results));
      return "done";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return await this.refused(batch, error, single);
    }
  }

  private async refused(batch: readonly Item[], why: Refusal, single: boolean) {
    if (why.code === "SCAN_GAP" && typeof why.more.expected_seq === "number") {
      const same = batch.every((item, place) => item.seq === (why.more.expected_seq as number) + place);
      this.next = why.more.expected_seq;
      await this.keep(renumbered(batch, why.more.expected_seq));
      if (!same) return "again";
    }
    if (why.code === "SEQ_REUSED") {
      // Alone, it is proved that this very scan was not taken: another screen has its number.
      if (!single && batch.length > 1) {
        await this.keep(batch.map((item) => ({ ...item, state: "waiting" })));
        return "singly";
      }
      this.next = await this.known();
      await this.keep(this.open_.map((item) => ({ ...item, seq: null, state: "waiting" as const })));
      return "again";
    }
    this.sure = false;
    await this.keep(unanswered(batch));
    if (why.passing || why.code === "SESSION_ENDED" || why.code === "NOT_SIGNED_IN") this.later();
    else this.stopped = why;
    this.tell();
    return "over";
  }

  /** The number that the server expects next; what is known here when it does not answer. */
  private async known(): Promise<number> {
    try {
      return await this.readNext();
    } catch {
      return this.next;
    }
  }

  private later(): void {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.flush();
    }, AGAIN_MS);
  }

  private async keep(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    const known = new Map(this.items.map((item) => [item.id, item]));
    // What was answered on the screen while the scan was under way stays answered.
    const whole = items.map((item) =>
      known.get(item.id)?.acknowledged ? { ...item, acknowledged: true } : item,
    );
    const changed = new Map(whole.map((item) => [item.id, item]));
    await this.store.put(whole);
    this.items = this.items.map((item) => changed.get(item.id) ?? item);
    for (const item of whole) {
      if (item.state === "captured" || item.state === "sent") continue;
      this.waiting.get(item.id)?.(item);
      this.waiting.delete(item.id);
    }
    this.tell();
  }

  private async prune(): Promise<void> {
    const ended = this.items.filter((item) => item.state === "done" || item.state === "settled");
    const old = ended.slice(0, Math.max(0, ended.length - KEPT)).map((item) => item.id);
    if (old.length === 0) return;
    await this.store.drop(old);
    this.items = this.items.filter((item) => !old.includes(item.id));
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

interface Base extends DBSchema {
  scans: { key: number; value: Omit<Item, "id"> & { id?: number } };
  facts: { key: string; value: unknown };
}

let base: Promise<IDBPDatabase<Base>> | null = null;

function opened(): Promise<IDBPDatabase<Base>> {
  base ??= openDB<Base>("maillage-scans", 1, {
    upgrade(made) {
      made.createObjectStore("scans", { keyPath: "id", autoIncrement: true });
      made.createObjectStore("facts");
    },
  });
  return base;
}

/** What a station must know without a network: which post it is, the list of blocks. Nothing of a patient. */
export async function keepFact(name: string, value: unknown): Promise<void> {
  await (await opened()).put("facts", value, name);
}

export async function factOf<T>(name: string): Promise<T | undefined> {
  return (await (await opened()).get("facts", name)) as T | undefined;
}

const inBrowser: Store = {
  all: async () => (await (await opened()).getAll("scans")) as Item[],
  add: async (item) => {
    const id = await (await opened()).add("scans", item);
    return { ...item, id };
  },
  put: async (items) => {
    const writing = (await opened()).transaction("scans", "readwrite", { durability: "strict" });
    await Promise.all([...items.map((item) => writing.store.put(item)), writing.done]);
  },
  drop: async (ids) => {
    const writing = (await opened()).transaction("scans", "readwrite");
    await Promise.all([...ids.map((id) => writing.store.delete(id)), writing.done]);
  },
};

const queues = new Map<string, Promise<ScanQueue>>();

/** The queue of a device, one for the whole tab. Fails where the browser keeps nothing: such a station cannot work. */
export function queueOf(device: string): Promise<ScanQueue> {
  let made = queues.get(device);
  if (!made) {
    made = start(device);
    queues.set(device, made);
    made.catch(() => queues.delete(device));
  }
  return made;
}

async function start(device: string): Promise<ScanQueue> {
  const queue = new ScanQueue(
    device,
    inBrowser,
    (batch) => body(api.POST("/api/cooperation/v1/scans", { body: batch })),
    async () => {
      const params = { path: { row_id: device } };
      return (await body(api.GET("/api/cooperation/v1/devices/{row_id}", { params }))).last_seq + 1;
    },
  );
  await queue.open();
  window.addEventListener("online", () => void queue.flush());
  return queue;
}

export type { Item, ScanResult };
