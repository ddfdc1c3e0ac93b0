"""Wire types of hand-overs."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from maillage.wire import Instant, Note, Wire

HandoverState = Literal["draft", "signed", "acknowledged"]


class HandoverIn(Wire):
    """What is left of a client at the end of a shift, for a colleague or for whoever comes. Open tasks, messages and
    callbacks are put in by the service; `remarks` are one's own."""

    client_id: UUID
    to_id: UUID | None = None
    remarks: Annotated[list[Note], Field(max_length=30)] = []


class Left(Wire):
    """Something left to do. `what`: the kind of a task, the urgency of a message, the origin of a callback."""

    kind: Literal["task", "message", "callback"]
    id: UUID
    what: str
    due_at: Instant


class HandoverItem(Wire):
    """A hand-over in a list."""

    id: UUID
    client_id: UUID
    from_id: UUID
    to_id: UUID | None
    state: HandoverState
    created_at: Instant
    signed_at: Instant | None
    acknowledged_at: Instant | None
    version: int


class HandoverOut(HandoverItem):
    """A hand-over with what is left, as it was when it was signed; until then as it is now."""

    items: Sequence[Left]
    remarks: Sequence[str]
