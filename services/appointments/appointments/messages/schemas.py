"""Wire types of messages."""

from typing import Literal
from uuid import UUID

from appointments.messages.domain import Channel, State
from maillage.wire import Instant, Wire

__all__ = ["Channel", "Kind", "MessageOut", "State"]

Kind = Literal["confirmation", "moved", "cancelled", "reminder", "proposal", "offer", "series", "by_phone"]


class MessageOut(Wire):
    """What was said, by which channel, when, and what became of it. `to` is masked: the number is in the patient's
    file.

    `number`: days before the visit of a reminder, round of a proposal. `ref_id`: the offer, the campaign's item or
    the series; an offer has no appointment. `unknown`: handed over without an answer; it may have arrived, and is
    never sent again by itself.
    """

    id: UUID
    appointment_id: UUID | None
    appointment_version: int
    kind: Kind
    number: int
    ref_id: UUID | None
    channel: Channel
    to: str
    state: State
    attempts: int
    due_at: Instant
    sent_at: Instant | None
