import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { accountWords } from "./words";

const KEY = ["gateway", "devices", "own"];

/** Browsers on which one has signed in. */
export function Devices() {
  const words = useWords(accountWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const devices = useQuery({ queryKey: KEY, queryFn: () => body(api.GET("/auth/devices")) });
  const forget = useCommand(
    (id: string) => body(api.DELETE("/auth/devices/{id}", { params: { path: { id } } })),
    () => {
      say(words.forgotten);
      void client.invalidateQueries({ queryKey: KEY });
    },
  );
  return (
    <section className="stack">
      <h2>{words.devices}</h2>
      <p className="muted">{words.devicesText}</p>
      <RefusalStrip refusal={forget.refusal} />
      <Read of={devices} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.noDevice}</Empty>
          ) : (
            <DataTable
              caption={words.devices}
              captionHidden
              rows={items.slice(0, 20)}
              keyOf={(each) => each.id}
              columns={[
                {
                  id: "device",
                  head: words.device,
                  cell: (each) => `${each.label ?? words.unnamed}${each.current ? ` · ${words.here}` : ""}`,
                },
                { id: "seen", head: words.lastSeen, cell: (each) => dayAndTime(each.last_seen_at, language) },
                {
                  id: "act",
                  head: <span className="visually-hidden">{words.act}</span>,
                  cell: (each) => (
                    <Button
                      aria-label={words.forgetOf(each.label ?? words.unnamed)}
                      onClick={() => void forget.run(each.id)}
                    >
                      {words.forget}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Read>
    </section>
  );
}
