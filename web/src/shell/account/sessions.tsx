import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Badge, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { accountWords } from "./words";

const KEY = ["gateway", "sessions", "own"];

/** Where one is signed in; any can be closed from here. */
export function Sessions() {
  const words = useWords(accountWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const sessions = useQuery({ queryKey: KEY, queryFn: () => body(api.GET("/auth/sessions")) });
  const done = () => {
    say(words.ended);
    void client.invalidateQueries({ queryKey: KEY });
  };
  const end = useCommand(
    (sid: string) => body(api.DELETE("/auth/sessions/{sid}", { params: { path: { sid } } })),
    done,
  );
  const others = useCommand((_: null) => body(api.DELETE("/auth/sessions")), done);
  const name = (each: Schema<"gateway.SessionLine">) => each.device ?? words.unnamed;
  return (
    <section className="stack">
      <RefusalStrip refusal={end.refusal ?? others.refusal} />
      <Read of={sessions}>
        {({ items }) => (
          <>
            <DataTable
              caption={words.sessions}
              rows={items}
              keyOf={(each) => each.sid}
              columns={[
                { id: "device", head: words.device, cell: name },
                { id: "from", head: words.from, cell: (each) => dayAndTime(each.created_at, language) },
                { id: "ip", head: words.address, cell: (each) => <span className="mono">{each.ip}</span> },
                { id: "ends", head: words.ends, cell: (each) => dayAndTime(each.expires_at, language) },
                {
                  id: "act",
                  head: <span className="visually-hidden">{words.act}</span>,
                  cell: (each) =>
                    each.current ? (
                      <Badge state="info">{words.here}</Badge>
                    ) : (
                      <Button aria-label={words.endOf(name(each))} onClick={() => void end.run(each.sid)}>
                        {words.endIt}
                      </Button>
                    ),
                },
              ]}
            />
            {items.length > 1 ? (
              <div>
                <Button busy={others.pending} onClick={() => void others.run(null)}>
                  {words.endOthers}
                </Button>
              </div>
            ) : null}
          </>
        )}
      </Read>
    </section>
  );
}
