/** A refusal of the door or of a service, as it came (RFC 9457): its code, its sentence, and the fields it concerns. */
export interface FieldFault {
  /** RFC 6901 pointer into the body that was sent, or `?name` of the query. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly FieldFault[] = [],
    /** Everything else that came with it, such as `alternatives` of SLOT_TAKEN. */
    readonly more: Readonly<Record<string, unknown>> = {},
    readonly etag: string | null = null,
    readonly request: string | null = null,
  ) {
    super(detail || title || code);
  }

  /** Worth trying again without a change: nothing was decided. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** No answer came: the network, or the door, is away. What was sent may or may not have been done. */
export const NO_ANSWER = "NO_ANSWER";

export function noAnswer(): Refusal {
  return new Refusal(0, NO_ANSWER, "", "");
}

/** Reads the refusal of an answer that is not a success. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const etag = response.headers.get("etag");
  try {
    const { type, title, status, code, detail, errors, instance, ...more } = await response.json();
    const faults = Array.isArray(errors) ? errors : [];
    const said = [String(code), String(title ?? ""), String(detail ?? "")] as const;
    return new Refusal(response.status, ...said, faults, more, etag, instance ?? null);
  } catch {
    return new Refusal(response.status, `HTTP_${response.status}`, "", "", [], {}, etag, null);
  }
}
