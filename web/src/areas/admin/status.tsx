import { useQuery } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { Button } from "../../ui/button";
import { Badge, Read, type State } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { uiWords } from "../../ui/words";
import { useLanguage, useWords } from "../../words/language";
import { clockTime, dayAndTime } from "../../words/time";
import { adminWords } from "./words";

const STATES: Readonly<Record<string, State>> = { ready: "ok", away: "danger", circuit_open: "warn" };

/** Whether each service answers; no event says it, so it is asked by a press. */
export default function Status() {
  const words = useWords(adminWords);
  const ui = useWords(uiWords);
  const { language } = useLanguage();
  const status = useQuery({
    queryKey: ["gateway", "status"],
    queryFn: () => body(api.GET("/api/gateway/v1/status")),
    staleTime: 0,
  });
  return (
    <>
      <div className="row">
        <Button busy={status.isFetching} onClick={() => void status.refetch()}>
          {ui.retry}
        </Button>
        <span className="muted small">
          {ui.staleSince(clockTime(new Date(status.dataUpdatedAt), language))}
        </span>
      </div>
      <Read of={status}>
        {({ items }) => (
          <DataTable
            caption={words.status}
            captionHidden
            rows={items}
            keyOf={(each) => each.service}
            columns={[
              { id: "service", head: words.service, cell: (each) => each.service },
              {
                id: "state",
                head: words.state,
                cell: (each) => <Badge state={STATES[each.state] ?? "unknown"}>{words[each.state]}</Badge>,
              },
              { id: "since", head: words.since, cell: (each) => dayAndTime(each.since, language) },
            ]}
          />
        )}
      </Read>
    </>
  );
}
