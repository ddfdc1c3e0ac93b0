import { useQuery } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { useLiveQuery } from "../../live/live";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { Clients } from "./clients";
import { Subscriptions } from "./subscriptions";
import { connectionWords } from "./words";
import "./connection.css";

/** The hospital's own software at the door: who it is, what it may do, what it is told. */
export default function Connection() {
  const words = useWords(connectionWords);
  const clients = useQuery({
    queryKey: ["gateway", "clients"],
    queryFn: () => body(api.GET("/api/gateway/v1/clients", { params: { query: { limit: 100 } } })),
  });
  const subscriptions = useLiveQuery({
    queryKey: ["gateway", "subscriptions"],
    queryFn: () => body(api.GET("/api/gateway/v1/subscriptions", { params: { query: { limit: 100 } } })),
    topics: ["gateway.subscription_disabled"],
  });
  return (
    <div className="stack">
      <div className="row spread">
        <Title>{words.title}</Title>
        <a className="button" href="/docs">
          {words.docs}
        </a>
      </div>
      <Clients query={clients} />
      <Subscriptions query={subscriptions} clients={clients.data?.items ?? []} />
    </div>
  );
}
