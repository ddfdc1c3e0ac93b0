"""Wire types of the queue."""

from uuid import UUID

from maillage.wire import Instant, Wire


class DeskIn(Wire):
    """The window that acts: one that has been taken over only reads."""

    desk_id: UUID | None = None


class HeadStartOut(Wire):
    """Why a caller was served as if he had called earlier, and by how many seconds."""

    reason: str
    seconds: int


class TakenCall(Wire):
    """A call that this agent answers: her telephone rings until `connect_deadline`. `number` (E.164) is null when the
    caller withheld it; `wait_s`: seconds from entering the queue to this claim."""

    id: UUID
    client_id: UUID
    line_id: UUID
    direction: str
    state: str
    version: int
    number: str | None
    queued_at: Instant | None
    wait_s: int
    agent_id: UUID
    head_start: list[HeadStartOut]
    connect_deadline: Instant | None
