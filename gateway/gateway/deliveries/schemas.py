"""Wire types of what leaves for partners. Thin: ids and an address, never a patient."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from maillage.wire import Instant, Page, Wire


class NoticeData(Wire):
    """What changed: its id, its organisation, its place among the events of its service, and where it is read."""

    id: UUID
    organisation_id: UUID
    sequence: int
    href: str


class Notice(Wire):
    """The body of a webhook: https://www.standardwebhooks.com. At least once, order not promised."""

    type: str
    timestamp: Instant
    data: NoticeData


class KeptNotice(Notice):
    """An event as it is read by cursor; `id` is the event's, the same as a webhook's `webhook-id`."""

    id: UUID


class KeptNotices(Wire):
    """Events after a cursor, oldest first. `next_cursor` is always given: ask again with it, also after an empty
    answer."""

    items: Sequence[KeptNotice]
    next_cursor: str


class AttemptOut(Wire):
    """One try. `failure`: ANSWER_STATUS, REDIRECTED, GONE, TIMEOUT, UNREACHABLE, TLS, NOT_RESOLVED, ADDRESS_REFUSED,
    NOT_SENT; null for a success. Nothing of the answer's body is kept."""

    n: int
    at: Instant
    status: int | None
    failure: str | None
    latency_ms: int


class DeliveryOut(Wire):
    """One event on its way to one subscription. `kept`: for reading only."""

    id: UUID
    event_id: UUID
    type: str
    state: Literal["due", "sending", "delivered", "parked", "kept"]
    occurred_at: Instant
    due_at: Instant | None
    delivered_at: Instant | None
    attempts: Sequence[AttemptOut]


class Deliveries(Page[DeliveryOut]):
    """Deliveries of one subscription, newest first."""
