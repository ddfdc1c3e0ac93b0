"""Wire types of simulations."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Instant, Wire


class FaultsIn(Wire):
    """Shares, 0 to 1, of what the simulated telephone system tells wrongly: never, three seconds late, twice; and of
    conversations in which the agent's leg is lost."""

    drop: float = Field(0, ge=0, le=1)
    late: float = Field(0, ge=0, le=1)
    duplicate: float = Field(0, ge=0, le=1)
    lost_leg: float = Field(0, ge=0, le=1)


class SimulationIn(Wire):
    """A day of callers on a simulated line; with `calls`, only so many, from now on, so that a trainee has one.

    `date`: the day that is shown, today without one. `since`, `until`: local times of it, 8 to 20 h. `speed`: seconds
    of the simulated day in one real second. `agents`: how many simulated agents answer.
    """

    line_id: UUID
    date: dt.date | None = None
    since: dt.time = dt.time(8)
    until: dt.time = dt.time(20)
    seed: int = Field(1, ge=0, lt=2**53)
    profile: Literal["ordinary", "influenza", "patient"] = "ordinary"
    speed: float = Field(1, ge=1, le=600)
    agents: int = Field(0, ge=0, le=200)
    calls: int | None = Field(None, ge=1, le=50)
    faults: FaultsIn = FaultsIn(drop=0, late=0, duplicate=0, lost_leg=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since >= self.until or self.since.tzinfo or self.until.tzinfo:
            raise PydanticCustomError("TIME_INVALID", "local times, the first before the second")
        return self


class SimulationOut(Wire):
    """A simulation. `shown`: the instant of its day that it shows now, while it runs."""

    id: UUID
    line_id: UUID
    day: dt.date
    seed: int
    profile: str
    speed: float
    agents: int
    calls: int | None
    state: Literal["running", "done", "stopped", "failed"]
    began_at: Instant
    ended_at: Instant | None
    shown: Instant | None


class SimulationsOut(Wire):
    """The latest fifty of a line, newest first."""

    items: Sequence[SimulationOut]
