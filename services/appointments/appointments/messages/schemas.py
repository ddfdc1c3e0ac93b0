"""Wire types of messages."""

from typing import Literal
from uuid import UUID

from maillage.wire import Instant, Wire

Kind = Literal["confirmation", "moved", "cancelled"]
Channel = Literal["sms", "voice", "email"]
State = Literal["planned", "sending", "sent", "delivered", "failed", "unknown", "dropped"]


class MessageOut(Wire):
    """What was said, by which channel, when, and what became of it. `to` is masked: the number is in the patient's
    file.

    `unknown`: handed over without an answer; it may have arrived, and is never sent again by itself.
    """

    id: UUID
    appointment_id: UUID
    appointment_version: int
    kind: Kind
    channel: Channel
    to: str
    state: State
    attempts: int
    due_at: Instant
    sent_at: Instant | None
