import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { connectionWords } from "./words";

const STATE = { due: "info", sending: "info", delivered: "ok", parked: "danger", kept: "neutral" } as const;

/** Each event on its way, what the partner's server answered, and once more if wanted. */
export function Deliveries({ subscriptionId }: { readonly subscriptionId: string }) {
  const words = useWords(connectionWords);
  const { language } = useLanguage();
  const say = useToast();
  const query = useQuery({
    queryKey: ["gateway", "subscriptions", subscriptionId, "deliveries"],
    queryFn: () =>
      body(
        api.GET("/api/gateway/v1/subscriptions/{id}/deliveries", {
          params: { path: { id: subscriptionId }, query: { limit: 50 } },
        }),
      ),
  });
  const replay = useCommand(
    (delivery_id: string, key) =>
      body(
        api.POST("/api/gateway/v1/subscriptions/{id}/replay", {
          params: { path: { id: subscriptionId } },
          body: { delivery_id },
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.replayed);
      void query.refetch();
    },
  );
  const answer = (attempt: Schema<"gateway.AttemptOut"> | undefined) => {
    if (!attempt) return "–";
    const said = attempt.failure ? (words.failure[attempt.failure] ?? attempt.failure) : "";
    const status = attempt.status === null ? "" : words.status(attempt.status, attempt.latency_ms);
    return [said, status].filter(Boolean).join(", ");
  };
  return (
    <>
      <RefusalStrip refusal={replay.refusal} />
      <Read of={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.noDelivery}</Empty>
          ) : (
            <DataTable
              caption={words.deliveries}
              captionHidden
              rows={items}
              keyOf={(row) => row.id}
              columns={[
                {
                  id: "type",
                  head: words.event,
                  cell: (row) => <span className="mono small">{row.type}</span>,
                },
                { id: "when", head: words.when, cell: (row) => dayAndTime(row.occurred_at, language) },
                {
                  id: "state",
                  head: words.state,
                  cell: (row) => <Badge state={STATE[row.state]}>{words.deliveryState[row.state]}</Badge>,
                },
                { id: "answer", head: words.answer, cell: (row) => answer(row.attempts.at(-1)) },
                { id: "tries", head: words.tries, number: true, cell: (row) => row.attempts.length },
                {
                  id: "replay",
                  head: words.replay,
                  cell: (row) =>
                    row.state === "kept" ? null : (
                      <Button busy={replay.pending} onClick={() => void replay.run(row.id)}>
                        {words.replay}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Read>
    </>
  );
}
