import createClient from "openapi-fetch";
import { noAnswer, Refusal, refusalOf } from "./refusal";
import type { components, paths } from "./schema";

/** A type of the published API by its name, such as `Schema<"appointments.Slot">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** What every request says of who sends it; kept up to date by the session. */
const identity = { csrf: "", membership: "", language: "fr" };

export function setIdentity(changed: Partial<typeof identity>): void {
  Object.assign(identity, changed);
}

/** What the shell does when an answer concerns the session and not the act. Set once by the shell. */
export const onSession = {
  /** Asks for a fresh second factor; true when it was given: the same request is then sent again. */
  stepUp: async (_refusal: Refusal): Promise<boolean> => false,
  /** The session is over: the page is locked until the same person is back. */
  ended: (_refusal: Refusal | null): void => {},
  /** Another tab works under another context. */
  contextChanged: (): void => {},
};

/** When the door last heard from this tab: every request counts as use of the session. */
let lastAsked = Date.now();

export function lastUse(): number {
  return lastAsked;
}

const SAFE = new Set(["GET", "HEAD"]);

function signed(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set("Accept-Language", identity.language);
  if (identity.membership) headers.set("Maillage-Context", identity.membership);
  if (!SAFE.has(request.method) && identity.csrf) headers.set("X-CSRF-Token", identity.csrf);
  return new Request(request, { headers });
}

/** Sends one request; a refusal is thrown. A request that asks for a fresh factor is repeated once it was given. */
async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await answered(signed(request));
  if (response.ok || response.status === 304) return response;
  const refusal = await refusalOf(response);
  if (refusal.code === "STEP_UP_REQUIRED" && (await onSession.stepUp(refusal))) {
    const second = await answered(signed(again));
    if (second.ok) return second;
    throw await refusalOf(second);
  }
  if (refusal.code === "SESSION_ENDED" || refusal.code === "NOT_SIGNED_IN") onSession.ended(refusal);
  if (refusal.code === "CONTEXT_CHANGED") onSession.contextChanged();
  throw refusal;
}

async function answered(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) lastAsked = Date.now();
    return response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw noAnswer();
  }
}

/** Repeated query names for lists (`?a=1&a=2`), as FastAPI reads them. */
export const api = createClient<paths>({
  fetch: send,
  querySerializer: { array: { style: "form", explode: true } },
});

/** The body of an answer; a refusal was thrown before. */
export async function body<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  return (await answer).data as T;
}

/** A record and the tag of the version that was read: it goes into `If-Match` of what changes it. */
export interface Tagged<T> {
  readonly value: T;
  readonly etag: string;
}

export async function withTag<T>(answer: Promise<{ data?: T; response: Response }>): Promise<Tagged<T>> {
  const { data, response } = await answer;
  return { value: data as T, etag: response.headers.get("etag") ?? "" };
}

/** A new key for one act: made when its form opens, so that a double click, a retry and a replay are one act. */
export function newKey(): string {
  return crypto.randomUUID();
}

export { Refusal };
