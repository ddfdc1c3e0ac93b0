import { Badge, type State } from "../../ui/state";
import { useWords } from "../../words/language";
import { type OrderState, STEPS, stepOf } from "./life";
import { orderWords } from "./words";

const LOOK: Readonly<Record<OrderState, State>> = {
  draft: "unknown",
  sent: "info",
  accepted: "info",
  prepared: "info",
  in_transit: "info",
  received: "ok",
  closed: "ok",
  declined: "danger",
  cancelled: "neutral",
};

export function StateBadge({ state }: { readonly state: OrderState }) {
  const words = useWords(orderWords);
  return <Badge state={LOOK[state]}>{words.states[state]}</Badge>;
}

/** How far an order has come, and what is left. */
export function Steps({ state }: { readonly state: OrderState }) {
  const words = useWords(orderWords);
  const at = stepOf(state);
  if (at < 0) return null;
  return (
    <ol className="orders-steps" aria-label={words.steps}>
      {STEPS.map((step, place) => (
        <li key={step} data-done={place < at} aria-current={place === at ? "step" : undefined}>
          {words.states[step]}
        </li>
      ))}
    </ol>
  );
}
