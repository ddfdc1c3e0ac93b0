"""Wire types of callbacks."""

from typing import Literal
from uuid import UUID

from maillage.wire import Instant, Phone, Wire

CallbackState = Literal["open", "dialling", "done", "missed", "cancelled", "expired"]


class CallbackIn(Wire):
    """With `line_id` and `number`: an agent promises to call. With `call_id` alone: who waits in the queue leaves it
    and keeps his place; `number` only when his own is withheld."""

    call_id: UUID | None = None
    line_id: UUID | None = None
    number: Phone | None = None
    patient_id: UUID | None = None


class CallbackItem(Wire):
    """A callback in a list: no number. Its place in the queue is `priority_at`; nobody calls before `not_before`."""

    id: UUID
    client_id: UUID
    line_id: UUID
    origin: Literal["queue", "agent"]
    state: CallbackState
    attempts: int
    priority_at: Instant
    not_before: Instant
    expires_at: Instant
    patient_id: UUID | None
    call_id: UUID | None
    live_call_id: UUID | None
    agent_id: UUID | None
    version: int


class CallbackOut(CallbackItem):
    """A callback with its number; reading it is written down."""

    number: str | None
