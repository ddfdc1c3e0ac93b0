import type { EVENTS } from "../api/events";

export type EventName = (typeof EVENTS)[number];
type Service = EventName extends `${infer Name}.${string}` ? Name : never;

/** An event, or all of a service whose name begins so: `telesecretariat.call_*`. */
export type Topic = EventName | `${Service}.${string}*`;

/** Whether an event is meant by one of the topics. */
export function matches(topics: readonly string[], event: string): boolean {
  return topics.some((topic) =>
    topic.endsWith("*") ? event.startsWith(topic.slice(0, -1)) : topic === event,
  );
}
