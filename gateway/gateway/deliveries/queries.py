"""SQL of deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


class Arrived(NamedTuple):
    """An event that partners may have."""

    event_id: UUID
    type: str
    subject_id: UUID
    about: UUID
    sequence: int
    href: str
    readers: Sequence[str]
    occurred_at: datetime


class Outcome(NamedTuple):
    """How one try ended. `failure` None: 2xx. `wait_s` None: no try is left."""

    delivery_id: UUID
    subscription_id: UUID
    at: datetime
    status: int | None
    failure: str | None
    latency_ms: int
    wait_s: float | None


# The rows of the subscriptions are locked in order: their counters give positions in the order of commits.
_FAN_OUT = """
WITH wanted AS (
    SELECT s.id FROM subscription s
    WHERE s.types @> ARRAY[$2::text] AND s.state <> 'pending' AND client_may_see(s.client_id, $4, $7)
    ORDER BY s.id FOR NO KEY UPDATE
), counted AS (
    UPDATE subscription s SET last_position = s.last_position + 1 FROM wanted w WHERE s.id = w.id
    RETURNING s.id, s.last_position, CASE WHEN s.mode = 'pull' THEN 'kept' WHEN s.state = 'disabled' THEN 'parked'
                                          ELSE 'due' END AS state
)
INSERT INTO delivery (id, subscription_id, position, event_id, type, subject_id, about, sequence, href, readers,
                      occurred_at, created_at, state, due_at)
SELECT uuidv7(), c.id, c.last_position, $1, $2, $3, $4, $5, $6, $7, $8, $9, c.state,
       CASE WHEN c.state = 'due' THEN $9::timestamptz END
FROM counted c
ON CONFLICT (subscription_id, event_id) DO NOTHING
"""
# As many of each endpoint as it has room for, the oldest first. What its partner may no longer see stays behind.
_TAKE = """
WITH free AS (
    SELECT s.id, coalesce(t.room, $3) AS room
    FROM subscription s
    JOIN client c ON c.id = s.client_id AND c.status = 'active'
    JOIN organisation o ON o.id = c.organisation_id AND o.active
    LEFT JOIN unnest($1::uuid[], $2::int[]) AS t (id, room) ON t.id = s.id
    WHERE s.state = 'active' AND s.mode = 'webhook' AND coalesce(t.room, $3) > 0
), due AS (
    SELECT next.id, next.subscription_id
    FROM free f CROSS JOIN LATERAL (
        SELECT d.id, d.subscription_id, d.due_at FROM delivery d
        WHERE d.subscription_id = f.id AND d.state = 'due' AND d.due_at <= $5
        ORDER BY d.due_at, d.position LIMIT f.room FOR UPDATE SKIP LOCKED
    ) next
    ORDER BY next.due_at LIMIT $4
), taken AS (
    UPDATE delivery d
    SET state = CASE WHEN client_may_see(s.client_id, d.about, d.readers) THEN 'sending' ELSE 'parked' END,
        due_at = NULL
    FROM due, subscription s WHERE d.id = due.id AND s.id = d.subscription_id
    RETURNING d.id, d.subscription_id, d.position, d.event_id, d.type, d.subject_id, d.about, d.sequence, d.href,
              d.occurred_at, d.tries, d.state, s.url, s.secrets_sealed, s.rotated_at
)
SELECT * FROM taken ORDER BY subscription_id, position
"""
_RECORD = """
WITH told AS (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::smallint[], $4::text[], $5::int[], $6::float8[])
        AS r (id, at, status, failure, latency_ms, wait_s)
), changed AS (
    UPDATE delivery d
    SET attempts = d.attempts + 1, tries = d.tries + 1,
        state = CASE WHEN t.failure IS NULL THEN 'delivered' WHEN t.wait_s IS NULL THEN 'parked' ELSE 'due' END,
        due_at = CASE WHEN t.failure IS NOT NULL THEN $7::timestamptz + t.wait_s * interval '1 second' END,
        delivered_at = CASE WHEN t.failure IS NULL THEN t.at END
    FROM told t WHERE d.id = t.id AND d.state = 'sending'
    RETURNING d.id, d.attempts
)
INSERT INTO delivery_attempt (delivery_id, n, at, status, failure, latency_ms)
SELECT c.id, c.attempts, t.at, t.status, t.failure, t.latency_ms FROM changed c JOIN told t ON t.id = c.id
"""
# One success since the last look clears all failures before it.
_RECORD_HEALTH = """
UPDATE subscription s
SET last_success_at = coalesce(t.succeeded_at, s.last_success_at),
    failing_since = CASE WHEN t.succeeded_at IS NULL THEN coalesce(s.failing_since, t.failed_at) END
FROM (SELECT r.id, max(r.at) FILTER (WHERE r.failure IS NULL) AS succeeded_at,
             min(r.at) FILTER (WHERE r.failure IS NOT NULL) AS failed_at
      FROM unnest($1::uuid[], $2::timestamptz[], $3::text[]) AS r (id, at, failure) GROUP BY r.id) t
WHERE s.id = t.id
  AND s.id IN (SELECT l.id FROM subscription l WHERE l.id = ANY ($1::uuid[]) ORDER BY l.id FOR NO KEY UPDATE)
"""
_FORGET = """
WITH old AS (
    DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE created_at < $1 ORDER BY created_at LIMIT $2)
    RETURNING subscription_id, position
), ends AS (
    SELECT subscription_id, max(position) AS position, count(*) AS n FROM old GROUP BY subscription_id
), told AS (
    UPDATE subscription s SET forgotten_to = greatest(s.forgotten_to, e.position) FROM ends e
    WHERE s.id = e.subscription_id
)
SELECT coalesce(sum(n), 0)::int FROM ends
"""


async def fan_out(tx: Tx, event: Arrived) -> None:
    """One delivery for each subscription to this type whose partner may see the event now."""
    await tx.execute(_FAN_OUT, *event, tx.now)


async def take(tx: Tx, rooms: Sequence[tuple[UUID, int]], room: int, most: int) -> list[Row]:
    """Due deliveries, marked `sending` or, when the partner may no longer see them, `parked`. `rooms`: how many more
    an endpoint may have; `room` those that are not named."""
    ids, numbers = [each[0] for each in rooms], [each[1] for each in rooms]
    return await tx.fetch(_TAKE, ids, numbers, room, most, tx.now)


async def take_back(tx: Tx, but: Sequence[UUID]) -> None:
    """What was being sent when its worker ended is due again: it may arrive twice, and is not lost."""
    await tx.execute(
        "UPDATE delivery SET state = 'due', due_at = $1 WHERE state = 'sending' AND id <> ALL ($2::uuid[])", tx.now, but
    )


async def record(tx: Tx, outcomes: Sequence[Outcome]) -> None:
    """What became of these tries."""
    columns = [list(column) for column in zip(*outcomes, strict=True)]
    ids, subscriptions, at, status, failure, latency, wait = columns
    await tx.execute(_RECORD, ids, at, status, failure, latency, wait, tx.now)
    await tx.execute(_RECORD_HEALTH, subscriptions, at, failure)


async def park(tx: Tx, subscription_ids: Sequence[UUID]) -> None:
    """What is due waits until somebody enables the endpoint."""
    await tx.execute(
        """UPDATE delivery SET state = 'parked', due_at = NULL
           WHERE subscription_id = ANY ($1::uuid[]) AND state = 'due'""",
        subscription_ids,
    )


async def unpark(tx: Tx, subscription_id: UUID) -> None:
    """What waits is due, the oldest first, with all its tries."""
    await tx.execute(
        """UPDATE delivery SET state = 'due', due_at = created_at, tries = 0
           WHERE subscription_id = $1 AND state IN ('parked', 'due')""",
        subscription_id,
    )


async def replay(
    tx: Tx, subscription_id: UUID, delivery_id: UUID | None, begin: datetime | None, end: datetime | None
) -> int:
    """Delivered and parked ones are due again: one, or those of events from `begin` until `end`. How many."""
    tag = await tx.execute(
        """UPDATE delivery SET state = 'due', due_at = $5, tries = 0
           WHERE subscription_id = $1 AND state IN ('delivered', 'parked')
             AND CASE WHEN $2::uuid IS NULL THEN occurred_at >= $3 AND occurred_at < $4 ELSE id = $2 END""",
        subscription_id, delivery_id, begin, end, tx.now,
    )  # fmt: skip
    return int(tag.split()[-1])


async def exists(tx: Tx, subscription_id: UUID, delivery_id: UUID) -> bool:
    """Whether the subscription has this delivery."""
    return bool(
        await tx.fetchval(
            "SELECT true FROM delivery WHERE id = $2 AND subscription_id = $1", subscription_id, delivery_id
        )
    )


async def page(tx: Tx, subscription_id: UUID, state: str | None, before: int | None, limit: int) -> list[Row]:
    """Deliveries, newest first, each with its attempts."""
    return await tx.fetch(
        """SELECT d.id, d.position, d.event_id, d.type, d.state, d.occurred_at, d.due_at, d.delivered_at, a.attempts
           FROM delivery d
           LEFT JOIN LATERAL (
               SELECT jsonb_agg(jsonb_build_object('n', n, 'at', at, 'status', status, 'failure', failure,
                                                   'latency_ms', latency_ms) ORDER BY n) AS attempts
               FROM delivery_attempt WHERE delivery_id = d.id
           ) a ON true
           WHERE d.subscription_id = $1 AND ($2::text IS NULL OR d.state = $2)
             AND ($3::bigint IS NULL OR d.position < $3)
           ORDER BY d.position DESC LIMIT $4""",
        subscription_id, state, before, limit,
    )  # fmt: skip


async def kept(tx: Tx, subscription_id: UUID, client_id: UUID, after: int, limit: int) -> list[Row]:
    """Deliveries after a position, oldest first; `seen`: whether the partner may still see it."""
    return await tx.fetch(
        """SELECT position, event_id, type, subject_id, about, sequence, href, occurred_at,
                  client_may_see($2, about, readers) AS seen
           FROM delivery WHERE subscription_id = $1 AND position > $3 ORDER BY position LIMIT $4""",
        subscription_id, client_id, after, limit,
    )  # fmt: skip


async def forget(tx: Tx, before: datetime, most: int) -> int:
    """Deletes deliveries made before that instant, with their attempts; how many."""
    number = await tx.fetchval(_FORGET, before, most)
    return number if isinstance(number, int) else 0


async def drop(tx: Tx, subscription_id: UUID) -> None:
    """All deliveries of a subscription that ends."""
    await tx.execute("DELETE FROM delivery WHERE subscription_id = $1", subscription_id)
