"""Wire types of supervision."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from maillage.wire import Wire
from telesecretariat.agents.schemas import Code


class ForceIn(Wire):
    """What a supervisor makes of an agent, and why (a code, kept in the audit). `minutes`: how long she cannot make
    herself ready again (parameter); `ready` lifts it."""

    work_state: Literal["ready", "not_ready"]
    reason: Code
    minutes: Annotated[int, Field(ge=1, le=480)] = 30


class ReturnIn(Wire):
    """Why a call is taken back into the queue (a code, kept in the audit)."""

    reason: Code


class AssignIn(Wire):
    """To whom a waiting call is offered, and why (a code, kept in the audit)."""

    agent_id: UUID
    reason: Code = "assigned"


class CallStands(Wire):
    """A call after a supervisor's act."""

    id: UUID
    state: str
    agent_id: UUID | None
    version: int
