import { Link } from "wouter";
import { api, body } from "../../api/client";
import { useLiveQuery } from "../../live/live";
import { Strip } from "../../ui/state";
import { useLanguage, useWords } from "../../words/language";
import { longDay, today } from "../../words/time";
import { boardWords } from "./words";

/** Continuity plans, the newest first. */
export function usePlans() {
  return useLiveQuery({
    queryKey: ["cooperation", "continuity_plans"],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/continuity_plans", { params: { query: { limit: 50 } } })),
    topics: ["cooperation.continuity_changed"],
  });
}

/** That another pharmacy sterilises meanwhile concerns everybody who looks at the day. */
export function Plan() {
  const words = useWords(boardWords);
  const { language } = useLanguage();
  const { data } = usePlans();
  const plan = data?.items.find((each) => each.state === "active");
  if (!plan) return null;
  const over = plan.planned_until < today();
  return (
    <Strip
      state={over ? "danger" : "warn"}
      acts={
        <Link className="button" href="/board/continuity">
          {words.seePlan}
        </Link>
      }
    >
      {over
        ? words.planOver(plan.provider_name)
        : words.planOn(plan.provider_name, longDay(plan.planned_until, language))}
    </Strip>
  );
}
