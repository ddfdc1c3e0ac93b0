import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";

export type ButtonKind = "plain" | "primary" | "danger" | "stop" | "quiet";

type Props = Omit<ComponentProps<"button">, "disabled" | "children"> & {
  readonly kind?: ButtonKind;
  /** Why it cannot be pressed now, in a sentence: shown beside it, and read out. The button stays reachable. */
  readonly blocked?: string | undefined;
  /** While the act runs: a second press does nothing. */
  readonly busy?: boolean;
  /** The key that does the same. */
  readonly hotkey?: string | undefined;
  readonly children: ReactNode;
};

/** A verb that acts. Enter and Space; `aria-disabled` with its reason instead of a dead button. */
export function Button({ kind = "plain", blocked, busy = false, hotkey, children, onClick, ...rest }: Props) {
  const reason = useId();
  const stopped = blocked !== undefined || busy;
  return (
    <>
      <button
        type="button"
        {...rest}
        className={rest.className ? `button ${rest.className}` : "button"}
        data-kind={kind}
        aria-disabled={stopped || undefined}
        aria-busy={busy || undefined}
        aria-keyshortcuts={hotkey}
        aria-describedby={blocked === undefined ? rest["aria-describedby"] : reason}
        onClick={(event) => {
          if (stopped) event.preventDefault();
          else onClick?.(event);
        }}
      >
        {children}
        {hotkey ? <kbd>{hotkey}</kbd> : null}
      </button>
      {blocked ? (
        <span id={reason} className="small muted">
          {blocked}
        </span>
      ) : null}
    </>
  );
}
