import { CircleCheck, CircleDashed, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { NO_ANSWER, Refusal } from "../api/refusal";
import { useWords } from "../words/language";
import { Button } from "./button";
import { uiWords } from "./words";

/** A state is always word, shape and colour: disc, triangle, octagon, square, dashed ring. */
export type State = "ok" | "warn" | "danger" | "info" | "unknown" | "neutral";

const SHAPES = {
  ok: CircleCheck,
  warn: TriangleAlert,
  danger: OctagonAlert,
  info: Info,
  unknown: CircleDashed,
  neutral: null,
};

function Shape({ state, size = 16 }: { readonly state: State; readonly size?: number }) {
  const Icon = SHAPES[state];
  return Icon ? <Icon size={size} aria-hidden="true" focusable="false" /> : null;
}

/** One word of state beside a thing. */
export function Badge({
  state = "neutral",
  children,
}: {
  readonly state?: State;
  readonly children: ReactNode;
}) {
  return (
    <span className="badge" data-state={state}>
      <Shape state={state} size={14} />
      {children}
    </span>
  );
}

interface StripProps {
  readonly state: Exclude<State, "unknown" | "neutral">;
  readonly children: ReactNode;
  /** The acts that solve it. */
  readonly acts?: ReactNode;
  /** `alert` is read out at once: only for what concerns the act under way. */
  readonly role?: "alert" | "status";
}

/** A sentence that stays where it concerns something, with what can be done. */
export function Strip({ state, children, acts, role }: StripProps) {
  return (
    <div className="strip" data-state={state} role={role}>
      <Shape state={state} size={20} />
      <div className="said">{children}</div>
      {acts}
    </div>
  );
}

/** What a refusal says, and its reference where nothing better can be said. */
export function useSentence(): (refusal: Refusal) => string {
  const words = useWords(uiWords);
  return (refusal) => {
    if (refusal.code === NO_ANSWER) return words.noAnswer;
    return refusal.detail || refusal.title || words.unreadable;
  };
}

/** A refusal at the form it concerns. */
export function RefusalStrip({
  refusal,
  acts,
}: {
  readonly refusal: Refusal | null;
  readonly acts?: ReactNode;
}) {
  const words = useWords(uiWords);
  const sentence = useSentence();
  if (!refusal) return null;
  return (
    <Strip state="danger" role="alert" acts={acts}>
      {refusal.title && refusal.detail ? <strong>{refusal.title}. </strong> : null}
      {sentence(refusal)}
      {refusal.errors.some((each) => each.detail !== refusal.detail) ? (
        <ul>
          {refusal.errors.map((each) => (
            <li key={each.pointer + each.code}>{each.detail}</li>
          ))}
        </ul>
      ) : null}
      {refusal.status >= 500 && refusal.request ? (
        <span className="small"> {words.reference(refusal.request)}</span>
      ) : null}
    </Strip>
  );
}

/** A place that waits, of the size of what comes; nothing for the first 300 ms. */
export function Loading({ lines = 4 }: { readonly lines?: number }) {
  const words = useWords(uiWords);
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 300);
    return () => clearTimeout(timer);
  }, []);
  const widths = [92, 78, 85, 64];
  return (
    <div className="skeleton" role="status">
      {shown ? <span className="visually-hidden">{words.loading}</span> : null}
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a skeleton have no identity
        <span key={line} style={{ width: `${widths[line % 4]}%`, opacity: shown ? 1 : 0 }} />
      ))}
    </div>
  );
}

/** Nothing is there: a sentence, and the next act. */
export function Empty({ children, acts }: { readonly children: ReactNode; readonly acts?: ReactNode }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {acts}
    </div>
  );
}

/** It could not be read: what, why, and again. */
export function ReadFailed({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const words = useWords(uiWords);
  const sentence = useSentence();
  if (!(error instanceof Refusal)) throw error;
  const missing = error.status === 404 || error.status === 403;
  const again = <Button onClick={retry}>{words.retry}</Button>;
  return (
    <Strip state={missing ? "info" : "danger"} role="status" acts={missing ? null : again}>
      {missing ? sentence(error) : `${words.readFailed} ${sentence(error)}`}
      {error.status >= 500 && error.request ? (
        <span className="small"> {words.reference(error.request)}</span>
      ) : null}
    </Strip>
  );
}

interface Readable<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

/**
 * The four states of what is read: waiting, failed, there. What was read before stays when reading it again fails: the
 * strip above says so. Empty is the screen's own business.
 */
export function Read<T>({
  of,
  lines,
  children,
}: {
  readonly of: Readable<T>;
  readonly lines?: number;
  readonly children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) {
    return (
      <>
        {of.error ? <ReadFailed error={of.error} retry={of.refetch} /> : null}
        {children(of.data)}
      </>
    );
  }
  if (of.error) return <ReadFailed error={of.error} retry={of.refetch} />;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}
