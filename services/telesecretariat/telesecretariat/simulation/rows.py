"""A simulation as the base holds it, and the day that follows from it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from maillage import clock
from telesecretariat.lines.rows import public_holidays
from telesecretariat.simulation.dice import throwing
from telesecretariat.simulation.domain import PROFILES, Caller, Pace, Throw, caller, day_of_calls

State = Literal["running", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Simulation:
    """One row of `simulation`, with the number, zone and holidays of its line."""

    id: UUID
    organisation_id: UUID
    line_id: UUID
    day: date
    seed: int
    profile: str
    speed: float
    agents: int
    agent_ids: list[UUID]
    calls: int | None
    shows_from: datetime
    shows_until: datetime
    writes_messages: bool
    faults: dict[str, float]
    state: State
    began_at: datetime
    ended_at: datetime | None
    client_id: UUID
    provider_id: UUID
    number: str
    time_zone: str
    holiday_set: str

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Simulation":
        """From `queries.RUNNING` and its like."""
        return cls(**row)

    @property
    def throw(self) -> Throw:
        """Its dice."""
        return throwing(self.seed)

    @property
    def pace(self) -> Pace:
        """A clock that runs faster by itself does a part of the speed, or all of it."""
        return Pace(self.began_at, self.shows_from, self.speed / clock.rate())

    def callers(self) -> list[Caller]:
        """Those of its day who ring within what it shows, or the few that were asked for: one every seven seconds."""
        profile, throw = PROFILES[self.profile], self.throw
        if self.calls is not None:
            instants = (self.shows_from + timedelta(seconds=1 + 7 * index) for index in range(self.calls))
            return [caller(throw, index, at, profile) for index, at in enumerate(instants)]
        whole = day_of_calls(throw, self.day, ZoneInfo(self.time_zone), profile, public_holidays(self.holiday_set))
        return [each for each in whole if self.shows_from <= each.at.astimezone(UTC) < self.shows_until]
