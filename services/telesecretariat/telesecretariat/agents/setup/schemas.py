"""Wire types of the set-up of agents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from maillage.wire import Line, Patch, Wire
from telesecretariat.agents.schemas import Device

Skills = Annotated[Sequence[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]], Field(max_length=20)]


class AgentSetupIn(Wire):
    """A person of one's own organisation becomes an agent. `label` is what colleagues read (« poste 12 »), no name."""

    person_id: UUID
    label: Line
    skills: Skills = ()
    device: Device | None = None


class AgentSetupPatch(Patch):
    """What changes; a new telephone rings from the next call on. Who is not `active` is offered nothing."""

    EMPTIABLE = frozenset({"device"})

    label: Line | None = None
    skills: Skills | None = None
    device: Device | None = None
    active: bool | None = None


class AgentSetupOut(Wire):
    """An agent as set up, with her present presence."""

    id: UUID
    organisation_id: UUID
    label: str
    skills: Sequence[str]
    device: Device | None
    presence: Literal["online", "stale", "offline"]
    active: bool
    version: int
    created_at: datetime
