import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "../../api/client";
import { useSession } from "../../api/session";
import { useLiveQuery } from "../../live/live";
import type { Order, Side } from "./life";

export type Flow = Schema<"cooperation.FlowOut">;
const all = { params: { query: { limit: 100 } } };
const REFERENCE = 5 * 60_000;

export function useFlows() {
  return useQuery({
    queryKey: ["cooperation", "flows"],
    queryFn: async () => (await body(api.GET("/api/cooperation/v1/flows", all))).items,
    staleTime: REFERENCE,
  });
}

export function useItems() {
  return useQuery({
    queryKey: ["cooperation", "items"],
    queryFn: async () => (await body(api.GET("/api/cooperation/v1/items", all))).items,
    staleTime: REFERENCE,
  });
}

export function useOrders() {
  return useLiveQuery({
    queryKey: ["cooperation", "orders"],
    queryFn: () => body(api.GET("/api/cooperation/v1/orders", all)),
    topics: ["cooperation.order_changed"],
  });
}

/** One order. That it is made ready, and what becomes of a blocked line, has no event: it is read again when seen. */
export function useOrder(id: string) {
  return useLiveQuery({
    queryKey: ["cooperation", "orders", id],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/orders/{order_id}", { params: { path: { order_id: id } } })),
    topics: ["cooperation.order_changed"],
    about: id,
    refetchOnWindowFocus: "always",
  });
}

/** On which side of every order this person stands. */
export function useSide(): Side {
  const { session } = useSession();
  return session.context?.organisation_kind === "gcs" ? "group" : "member";
}

const at = (id: string, key: string) => ({
  params: { path: { order_id: id } },
  headers: { "Idempotency-Key": key },
});

/** Acts that need no more than the order. */
export const PLAIN = {
  send: (id: string, key: string): Promise<Order> =>
    body(api.POST("/api/cooperation/v1/orders/{order_id}/send", at(id, key))),
  accept: (id: string, key: string): Promise<Order> =>
    body(api.POST("/api/cooperation/v1/orders/{order_id}/accept", at(id, key))),
  check: (id: string, key: string): Promise<Order> =>
    body(api.POST("/api/cooperation/v1/orders/{order_id}/check", at(id, key))),
  dispatch: (id: string, key: string): Promise<Order> =>
    body(api.POST("/api/cooperation/v1/orders/{order_id}/dispatch", at(id, key))),
  close: (id: string, key: string): Promise<Order> =>
    body(api.POST("/api/cooperation/v1/orders/{order_id}/close", at(id, key))),
  cancel: (id: string, key: string): Promise<Order> =>
    body(api.POST("/api/cooperation/v1/orders/{order_id}/cancel", at(id, key))),
} as const;

export const decline = (id: string, reason: string, key: string): Promise<Order> =>
  body(api.POST("/api/cooperation/v1/orders/{order_id}/decline", { ...at(id, key), body: { reason } }));

export const prepare = (id: string, sent: Schema<"cooperation.Preparing">, key: string): Promise<Order> =>
  body(api.POST("/api/cooperation/v1/orders/{order_id}/prepare", { ...at(id, key), body: sent }));

export const receive = (id: string, sent: Schema<"cooperation.Receiving">, key: string): Promise<Order> =>
  body(api.POST("/api/cooperation/v1/orders/{order_id}/receive", { ...at(id, key), body: sent }));

export const create = (sent: Schema<"cooperation.OrderIn">, key: string): Promise<Order> =>
  body(api.POST("/api/cooperation/v1/orders", { body: sent, headers: { "Idempotency-Key": key } }));

export const decideLine = (
  lineId: string,
  sent: Schema<"cooperation.Deciding">,
  key: string,
): Promise<Order> =>
  body(
    api.POST("/api/cooperation/v1/order_lines/{line_id}/decide", {
      params: { path: { line_id: lineId } },
      body: sent,
      headers: { "Idempotency-Key": key },
    }),
  );
