import { useSyncExternalStore } from "react";
import { api, body, type Schema } from "../api/client";
import { NO_ANSWER, Refusal } from "../api/refusal";
import { now } from "../words/time";
import { softphoneLink } from "./softphone-link";

export type Device = Schema<"telesecretariat.Device">;

/**
 * `closed`: this window has not taken the post. `opening`. `open`: it gives signs of life. `elsewhere`: another window
 * of the same person has it; this one only reads. `lost`: no answer to a sign of life; it is tried again.
 */
export type Phase = "closed" | "opening" | "open" | "elsewhere" | "lost";

export interface Seat {
  readonly phase: Phase;
  readonly deskId: string;
  readonly device: Device | null;
  /** Where the browser's telephone registers; null where the telephone is another one. */
  readonly softphone: string | null;
  /** Since when signs of life are not answered. */
  readonly lostSince: string | null;
  /** The post had been given up by the service meanwhile, and was taken again: one is not ready. */
  readonly recovered: boolean;
  readonly refusal: Refusal | null;
}

interface Kept {
  readonly person: string;
  readonly deskId: string;
  readonly device: Device | null;
  readonly open: boolean;
}

const KEPT = "maillage.seat";
const PATH = "/api/telesecretariat/v1/agents/me/session";

/**
 * The post of a telesecretary in this window: opened, kept alive every ten seconds, found again after a reload. It
 * stands outside React, for it outlives every screen.
 */
export class SeatKeeper {
  private seat: Seat = {
    phase: "closed",
    deskId: "",
    device: null,
    softphone: null,
    lostSince: null,
    recovered: false,
    refusal: null,
  };
  private person = "";
  private worker: Worker | null = null;
  private leaving = false;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = () => this.seat;

  /** Who sits in this window. What she had opened in it before a reload is taken up again. */
  async sit(person: string): Promise<void> {
    if (this.person === person) return;
    this.stop();
    this.person = person;
    const kept = readKept();
    const mine = kept?.person === person && (await isOnly(kept.deskId)) ? kept : null;
    const deskId = mine?.deskId ?? crypto.randomUUID();
    if (!mine) void isOnly(deskId);
    this.set({ phase: "closed", deskId, device: mine?.device ?? null, refusal: null, softphone: null });
    if (mine?.open && mine.device) await this.open(mine.device, false);
  }

  /** Takes the post; `takeOver` closes it in another window. */
  async open(device: Device, takeOver: boolean): Promise<boolean> {
    this.set({ phase: "opening", refusal: null });
    try {
      const { deskId } = this.seat;
      const opened = await body(api.POST(PATH, { body: { desk_id: deskId, device, take_over: takeOver } }));
      this.set({
        phase: "open",
        device,
        softphone: opened.softphone ?? null,
        lostSince: null,
        recovered: false,
      });
      this.keep(true);
      this.start();
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    }
  }

  /** Leaves the post. Refused while a call is not finished. */
  async close(): Promise<boolean> {
    this.leaving = true;
    try {
      await body(api.DELETE(PATH));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.set({ refusal: error });
      return false;
    } finally {
      this.leaving = false;
    }
    this.stop();
    this.set({ phase: "closed", softphone: null, recovered: false, refusal: null });
    this.keep(false);
    return true;
  }

  /** A sign of life. */
  readonly beat = async (): Promise<void> => {
    if (!this.alive) return;
    try {
      const telephone = this.seat.softphone === null ? {} : { telephone_ready: softphoneLink.ready };
      await body(api.PUT(PATH, { body: { desk_id: this.seat.deskId, ...telephone } }));
      if (this.seat.phase === "lost") this.set({ phase: "open", lostSince: null });
    } catch (error) {
      // Answered after one has left: a post that was given up is not taken again.
      if (!this.alive) return;
      if (error instanceof Refusal && error.code === "AGENT_OFFLINE" && this.seat.device) {
        const back = await this.open(this.seat.device, false);
        if (back) this.set({ recovered: true });
      } else this.refused(error);
    }
  };

  private get alive(): boolean {
    return !this.leaving && (this.seat.phase === "open" || this.seat.phase === "lost");
  }

  readonly dismiss = () => this.set({ recovered: false, refusal: null });

  private refused(error: unknown): void {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === NO_ANSWER || error.passing) {
      if (this.worker === null) this.set({ phase: "closed", refusal: error });
      else this.set({ phase: "lost", lostSince: this.seat.lostSince ?? now().toISOString() });
      return;
    }
    this.stop();
    const elsewhere = error.code === "DESK_TAKEN_OVER" || error.code === "DESK_ALREADY_OPEN";
    this.set({ phase: elsewhere ? "elsewhere" : "closed", refusal: elsewhere ? null : error });
    this.keep(false);
  }

  private start(): void {
    if (this.worker) return;
    this.worker = new Worker(new URL("./tick.worker.ts", import.meta.url), { type: "module" });
    this.worker.onmessage = () => {
      softphoneLink.tick();
      void this.beat();
    };
  }

  private stop(): void {
    this.worker?.terminate();
    this.worker = null;
  }

  private keep(open: boolean): void {
    const { deskId, device } = this.seat;
    sessionStorage.setItem(KEPT, JSON.stringify({ person: this.person, deskId, device, open }));
  }

  private set(changed: Partial<Seat>): void {
    this.seat = { ...this.seat, ...changed };
    for (const listener of this.listeners) listener();
  }
}

function readKept(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

/** A duplicated tab copies what was kept: only the first window may go on under that name. Held as long as it lives. */
function isOnly(deskId: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(true);
  return new Promise((answer) => {
    void navigator.locks.request(`maillage-seat-${deskId}`, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => {});
    });
  });
}

export const seat = new SeatKeeper();

export function useSeat(): Seat {
  return useSyncExternalStore(seat.subscribe, seat.read);
}
