import { useEffect, useRef } from "react";
import { api, body } from "../../api/client";
import { Refusal } from "../../api/refusal";
import type { MessageItem } from "./queries";

const told = new Set<string>();

/** Tells the desk that a message has been read, once its card has stood before the reader's eyes. */
export function useSeen({ id, state }: Pick<MessageItem, "id" | "state">) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    const target = card.current;
    if (!target || state === "read" || told.has(id)) return;
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting) || told.has(id)) return;
        told.add(id);
        body(
          api.POST("/api/telesecretariat/v1/messages/{message_id}/read", {
            params: { path: { message_id: id } },
          }),
        ).catch((error: unknown) => {
          told.delete(id);
          if (!(error instanceof Refusal)) throw error;
        });
      },
      { threshold: 0.6 },
    );
    seen.observe(target);
    return () => seen.disconnect();
  }, [id, state]);
  return card;
}
